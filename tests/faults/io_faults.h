/*
 * io_faults.h - a page that a test and the program under test share: which system calls of the program are to fail, to be
 * cut short, to be slow, or to be its last. fail_io.c, in LD_PRELOAD, does it; IO_FAULTS names the page's file.
 *
 * The test may arm and disarm it while the program runs. Only the process `pid` is meant; its children are left alone.
 */
#ifndef FAULTS_IO_FAULTS_H
#define FAULTS_IO_FAULTS_H

#include <stdatomic.h>
#include <stdint.h>

enum io_call { /* bits */
               IO_OPEN = 1,
               IO_WRITE = 2, /* write and pwrite */
               IO_READ = 4,  /* read and pread */
               IO_SYNC = 8,  /* fsync and fdatasync */
               IO_RENAME = 16,
               IO_TRUNCATE = 32, /* ftruncate, fallocate, posix_fallocate */
               IO_MMAP = 64,
               IO_UNLINK = 128,
               IO_CHANGES = IO_OPEN | IO_WRITE | IO_SYNC | IO_RENAME | IO_TRUNCATE | IO_MMAP | IO_UNLINK
};

enum io_act {
    IO_COUNT,       /* counts alone */
    IO_KILL_BEFORE, /* the process dies, and the call is not made */
    IO_KILL_AFTER,
    IO_KILL_TORN, /* half of a write is made; of another call: as before */
    IO_FAIL,      /* error */
    IO_SHORT,     /* half of a write or read; of another call: nothing */
    IO_SLOW       /* sleep_ns first */
};

struct io_faults {
    atomic_int pid;     /* 0: nobody's yet; the first process that loads the shim takes it */
    atomic_uint calls;  /* which; 0: nothing is looked at */
    atomic_uint act;    /* enum io_act */
    atomic_ulong at;    /* the at-th from here; counted from 1 */
    atomic_bool on;     /* every one from there on */
    atomic_int error;   /* errno of IO_FAIL */
    atomic_ulong count; /* calls that matched since it was armed */
    atomic_ulong hits;  /* of these, met by the act */
    atomic_long sleep_ns;
    atomic_long wall_ns; /* is added to CLOCK_REALTIME */
    char path[64];       /* part of the file's name; written before calls */
};

#endif
