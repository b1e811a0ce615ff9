#ifndef WARPSHARD_EXPORT_H
#define WARPSHARD_EXPORT_H

/* Marks what the shared library lets others see. */
#define WARPSHARD_EXPORT __attribute__((visibility("default")))

#endif
