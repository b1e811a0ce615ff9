#pragma once

// What lets one source be compiled for the host and for a CUDA device.
#ifdef __CUDACC__
#define WARPSHARD_HD __host__ __device__
#else
#define WARPSHARD_HD
#endif
