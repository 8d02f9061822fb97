/** The app's mark, as on its icon: a bubble that the tide runs through, and the dot of news. */
export function Logo({ size = 40 }: { readonly size?: number }) {
  return (
    <svg aria-hidden="true" width={size} height={size} viewBox="0 0 512 512">
      <rect rx="116" width="512" height="512" fill="#4b44ca" />
      <g transform="translate(256 256) scale(1.22) translate(-256 -258)">
        <path
          fill="#fbfaf7"
          d="M256 128c-81 0-138 53-138 122 0 38 17 71 45 93-3 18-11 34-23 46-4 4-1 11 5 11 30-1 56-11 76-25 11 2 23 3 35 3 81 0 138-53 138-122 0-14-2-28-7-41a62 62 0 0 1-72-78c-18-6-38-9-59-9Z"
        />
        <circle cx="359" cy="166" r="38" fill="#ff7d63" />
        <g fill="none" stroke="#4b44ca" strokeWidth="22" strokeLinecap="round">
          <path d="M178 245c26-24 52-24 78 0s52 24 78 0" />
          <path d="M178 297c26-24 52-24 78 0s52 24 78 0" />
        </g>
      </g>
    </svg>
  );
}
