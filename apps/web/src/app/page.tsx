import styles from './page.module.css';

export default function Page() {
  return (
    <main className={styles.page}>
      <h1>Tidings</h1>
    </main>
  );
}
