import { describe, expect, it } from '@jest/globals';
import type { ApiFault } from '../../core/api-fault';
import { complete, FormField, placeFault } from './form-field';

const required = (typed: string) => (typed ? null : 'needed');

describe('a field of a form', () => {
  it('does not complain about what no one has tried yet', () => {
    const name = new FormField<string>('', required);
    expect(name.fault()).toBe('needed');
    expect(name.shownFault()).toBeNull();
    expect(complete({ name })).toBe(false);
    expect(name.shownFault()).toBe('needed');
    name.value.set('Kemang');
    expect(complete({ name })).toBe(true);
  });

  it('shows what the server refused until it is changed', () => {
    const number = new FormField('0812');
    number.refuse('taken');
    expect(number.shownFault()).toBe('taken');
    expect(complete({ number })).toBe(false);
    number.value.set('0813');
    expect(number.shownFault()).toBeNull();
  });

  it('forgets what the server refused once the field is put away', () => {
    const number = new FormField('0812');
    number.refuse('taken');
    number.leave();
    expect(complete({ number })).toBe(true);
  });

  it('takes faults of its parts, and leaves those of no field to the form', () => {
    const tags = new FormField<readonly string[]>(['a', 'a']);
    const fields: ApiFault['fields'] = [
      { field: 'tags.1', message: 'named twice' },
      { field: 'surprise', message: 'unknown' },
    ];
    expect(placeFault({ fields }, { tags })).toEqual(['unknown']);
    expect(tags.shownFault()).toBe('named twice');
  });
});
