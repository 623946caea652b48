import { Component, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { STATUS_NAMES } from '@koneksi/contracts/outlet-status';
import { markAfter, turnOf } from '@koneksi/contracts/uptime-mark';
import { StatusBadge } from '../live-status/status-badge';
import { TimeStrip } from '../live-status/time-strip';
import { HOUR_MS, type Span } from '../live-status/timeline';
import { LinkPictures } from '../outlets/linking/link-pictures';
import { CheckList } from '../ui/forms/check-list';
import { ChoiceField } from '../ui/forms/choice-field';
import { EmptyState } from '../ui/lists/empty-state';
import { FormField } from '../ui/forms/form-field';
import { ICON_NAMES, Icon } from '../ui/icon';
import { LanguageMenu } from '../ui/language-menu';
import { RelativeTime } from '../ui/relative-time';
import { SearchField } from '../ui/forms/search-field';
import { SkeletonRows } from '../ui/lists/skeleton-rows';
import { SwitchField } from '../ui/forms/switch-field';
import { TagsField } from '../ui/forms/tags-field';
import { TextField } from '../ui/forms/text-field';
import { ThemeMenu } from '../ui/theme-menu';

const TOKENS = [
  'page',
  'surface',
  'sunken',
  'hover',
  'border',
  'outline',
  'text',
  'muted',
  'accent',
  'accent-soft',
  'danger',
  'highlight',
  'ok',
  'ok-soft',
  'busy',
  'busy-soft',
  'off',
  'off-soft',
  'idle',
  'idle-soft',
  'bad',
  'bad-soft',
  'slow',
  'slow-soft',
];

/** Every token and component on one page, in builds for development alone; its words are the names in the code. */
@Component({
  selector: 'app-design-page',
  imports: [
    CheckList,
    ChoiceField,
    EmptyState,
    Icon,
    LanguageMenu,
    LinkPictures,
    MatButton,
    RelativeTime,
    SearchField,
    SkeletonRows,
    StatusBadge,
    SwitchField,
    TagsField,
    TextField,
    ThemeMenu,
    TimeStrip,
  ],
  templateUrl: './design-page.html',
  styleUrl: './design-page.css',
})
export class DesignPage {
  protected readonly tokens = TOKENS;
  protected readonly icons = ICON_NAMES;
  protected readonly statuses = STATUS_NAMES;
  protected readonly buttons = ['filled', 'tonal', 'outlined', 'text'] as const;
  protected readonly text = new FormField('Jakarta Kemang');
  protected readonly refused = new FormField('0812');
  protected readonly tags = new FormField<readonly string[]>(['Jawa', 'mal']);
  protected readonly on = signal(true);
  protected readonly choice = signal('a');
  protected readonly search = signal('');
  protected readonly chosen = signal<ReadonlySet<string>>(new Set(['a']));
  protected readonly choices = [
    { value: 'a', label: 'a' },
    { value: 'b', label: 'b' },
  ];
  protected readonly items = [
    { id: 'a', label: 'a', detail: '1' },
    { id: 'b', label: 'b', detail: '2' },
  ];
  protected readonly now = new Date().toISOString();
  protected readonly spans: Span[] = STATUS_NAMES.map((status, index) => ({
    status,
    mark: markAfter(turnOf(status, null), null),
    from: Date.now() - (20 - index * 3) * HOUR_MS,
  }));

  constructor() {
    this.refused.refuse('refused');
  }
}
