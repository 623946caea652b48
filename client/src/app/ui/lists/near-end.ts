import { DestroyRef, Directive, ElementRef, inject, output } from '@angular/core';

/** Tells when its host is about to scroll into sight: time for the next rows. */
@Directive({ selector: '[appNearEnd]' })
export class NearEnd {
  readonly appNearEnd = output();

  constructor() {
    const observer = new IntersectionObserver(
      ([entry]) => {
        if (entry?.isIntersecting) this.appNearEnd.emit();
      },
      { rootMargin: '1500px 0px' },
    );
    observer.observe(inject<ElementRef<HTMLElement>>(ElementRef).nativeElement);
    inject(DestroyRef).onDestroy(() => observer.disconnect());
  }
}
