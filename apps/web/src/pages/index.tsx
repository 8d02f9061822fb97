import { App } from '@/shell/app';

export default function Page() {
  return <App />;
}
