// For `node --import`: dependency-cruiser needs TypeScript's JavaScript API, which TypeScript 7 doesn't have (yet).
import { registerHooks } from 'node:module';

registerHooks({
  resolve: (specifier, context, next) =>
    next(specifier.replace(/^typescript(?=\/|$)/, '@typescript/typescript6'), context),
});
