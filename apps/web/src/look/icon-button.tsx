import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react';
import { classNames } from './class-names';
import styles from './icon-button.module.css';

export type IconButtonProps = Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'children' | 'aria-label'> & {
  /** Its accessible name, shown as a tooltip too. */
  readonly label: string;
  readonly children: ReactNode;
  /** Keys that do the same, shown in the tooltip: `Ctrl+K`. */
  readonly keys?: string;
  readonly variant?: 'plain' | 'soft' | 'primary';
  readonly size?: 'normal' | 'small';
  /** False where the name is on the screen anyway. */
  readonly tip?: boolean;
  readonly ref?: Ref<HTMLButtonElement>;
};

/** A round button with an icon (lucide-react). Its tooltip comes from the one `TooltipLayer`, which reads `data-tip`. */
export function IconButton(props: IconButtonProps) {
  const { label, children, keys, variant = 'plain', size = 'normal', tip = true, className, ...rest } = props;
  return (
    <button
      type="button"
      {...rest}
      aria-label={label}
      data-tip={tip ? label : undefined}
      data-tip-keys={keys}
      className={classNames(styles.button, styles[variant], styles[size], className)}
    >
      {children}
    </button>
  );
}
