'use client';

import type { UserId } from '@tidings/api/ids';
import type { Profile } from '@tidings/api/user';
import { Check } from 'lucide-react';
import { type KeyboardEvent, type Ref, useEffect, useId, useState } from 'react';
import { Avatar } from '@/look/avatar';
import { SearchField } from '@/look/search-field';
import { Spinner } from '@/look/spinner';
import { useErrorText } from '@/words/error-text';
import { useWords } from '@/words/words';
import styles from './people-picker.module.css';
import { usePeopleSearch } from './people-search';

type PeoplePickerProps = {
  /** Those who are chosen, where several can be. */
  readonly chosen?: ReadonlySet<UserId>;
  /** Those who can't be chosen: members already. */
  readonly without?: ReadonlySet<UserId>;
  /** Chosen, or with `chosen`, toggled. */
  onPick(person: Profile): void;
  readonly searchRef?: Ref<HTMLInputElement>;
};

/** A search field over a list of people. The keys stay in the field: arrows move through the list, Enter chooses. */
export function PeoplePicker({ chosen, without, onPick, searchRef }: PeoplePickerProps) {
  const words = useWords('details.people');
  const look = useWords('look');
  const id = useId();
  const [query, setQuery] = useState('');
  const found = usePeopleSearch(query);
  const people = found.people.filter((person) => !without?.has(person.userId));
  const [active, setActive] = useState(0);
  const at = Math.min(active, people.length - 1);
  const optionId = (index: number) => `${id}-option-${index}`;

  useEffect(() => {
    if (at >= 0) document.getElementById(`${id}-option-${at}`)?.scrollIntoView({ block: 'nearest' });
  }, [id, at]);

  const onKeyDown = (event: KeyboardEvent) => {
    const person = people[at];
    if (event.key === 'Enter' && person) onPick(person);
    else if (event.key === 'ArrowDown') setActive(Math.min(people.length - 1, at + 1));
    else if (event.key === 'ArrowUp') setActive(Math.max(0, at - 1));
    else return;
    event.preventDefault();
  };
  return (
    <div className={styles.picker}>
      <div className={styles.search}>
        <SearchField
          ref={searchRef}
          label={words('search')}
          clearLabel={look('clear')}
          value={query}
          onValue={(value) => {
            setQuery(value);
            setActive(0);
          }}
          onKeyDown={onKeyDown}
          aria-controls={`${id}-people`}
          aria-activedescendant={at >= 0 ? optionId(at) : undefined}
        />
      </div>
      <div
        id={`${id}-people`}
        role="listbox"
        aria-label={words('people')}
        aria-multiselectable={chosen ? true : undefined}
        className={styles.list}
      >
        {people.map((person, index) => (
          <PersonOption
            key={person.userId}
            id={optionId(index)}
            person={person}
            active={index === at}
            chosen={chosen?.has(person.userId)}
            onPick={() => onPick(person)}
          />
        ))}
      </div>
      <PickerNote query={query.trim()} found={{ ...found, people }} />
    </div>
  );
}

type PersonOptionProps = {
  readonly id: string;
  readonly person: Profile;
  readonly active: boolean;
  readonly chosen: boolean | undefined;
  onPick(): void;
};

function PersonOption({ id, person, active, chosen, onPick }: PersonOptionProps) {
  const status = useWords('conversation.status');
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the search field has the keys
    <div
      id={id}
      role="option"
      aria-selected={chosen ?? active}
      tabIndex={-1}
      className={styles.option}
      data-active={active || undefined}
      onPointerDown={(event) => event.preventDefault()}
      onClick={onPick}
    >
      <Avatar id={person.userId} name={person.displayName} pictureId={person.avatarId} />
      <span className={styles.words}>
        <span className={styles.name} dir="auto">
          {person.displayName}
        </span>{' '}
        <span className={styles.username}>
          @{person.username}
          {person.bot && ` · ${status('bot')}`}
        </span>
      </span>
      {chosen !== undefined && (
        <span className={styles.check} data-on={chosen || undefined}>
          {chosen && <Check aria-hidden="true" />}
        </span>
      )}
    </div>
  );
}

function PickerNote({
  query,
  found,
}: {
  readonly query: string;
  readonly found: ReturnType<typeof usePeopleSearch>;
}) {
  const words = useWords('details.people');
  const errorText = useErrorText();
  const empty = found.people.length === 0;
  return (
    <div role="status" className={styles.note}>
      {found.state === 'searching' && empty && (
        <>
          <Spinner /> {words('searching')}
        </>
      )}
      {found.state === 'failed' && errorText(found.error)}
      {found.state === 'done' && empty && words(query === '' ? 'hint' : 'nobody', { query })}
    </div>
  );
}
