# Finds CUDA where there is one; sets WARPSHARD_HAS_CUDA. Never required unless asked for.

set(WARPSHARD_CUDA "AUTO" CACHE STRING "Build the CUDA backend: AUTO (if a compiler is found), ON, OFF")
set_property(CACHE WARPSHARD_CUDA PROPERTY STRINGS AUTO ON OFF)
if(NOT WARPSHARD_CUDA MATCHES "^(AUTO|ON|OFF)$")
  message(FATAL_ERROR "WARPSHARD_CUDA is ${WARPSHARD_CUDA}; expected AUTO, ON or OFF")
endif()

set(WARPSHARD_HAS_CUDA OFF)
if(NOT WARPSHARD_CUDA STREQUAL "OFF")
  include(CheckLanguage)
  check_language(CUDA)
  if(CMAKE_CUDA_COMPILER)
    enable_language(CUDA)
    if(CMAKE_CUDA_COMPILER_VERSION VERSION_GREATER_EQUAL 12)  # the first with C++20
      find_package(CUDAToolkit REQUIRED)
      set(WARPSHARD_HAS_CUDA ON)
    endif()
  endif()
  if(WARPSHARD_CUDA STREQUAL "ON" AND NOT WARPSHARD_HAS_CUDA)
    message(FATAL_ERROR "WARPSHARD_CUDA is ON, but no CUDA compiler of version 12 or later was found "
                        "that works with this C++ compiler and C library; logs in "
                        "${CMAKE_BINARY_DIR}/CMakeFiles say what was tried")
  endif()
endif()

if(WARPSHARD_HAS_CUDA)
  # Machine code for data-centre GPUs, and PTX so that later ones can compile it for themselves, unless
  # CMake's environment variable for it says otherwise.
  set(cuda_architectures 80-real 90)
  if(DEFINED ENV{CUDAARCHS})
    set(cuda_architectures "$ENV{CUDAARCHS}")
  elseif(CMAKE_CUDA_COMPILER_VERSION VERSION_GREATER_EQUAL 12.8)
    set(cuda_architectures 80-real 90-real 100)
  endif()
  set(WARPSHARD_CUDA_ARCHITECTURES "${cuda_architectures}" CACHE STRING
      "GPU architectures, as in CMAKE_CUDA_ARCHITECTURES")
  set(CMAKE_CUDA_ARCHITECTURES ${WARPSHARD_CUDA_ARCHITECTURES})
  set(CMAKE_CUDA_STANDARD 20)
  set(CMAKE_CUDA_STANDARD_REQUIRED ON)
  set(CMAKE_CUDA_EXTENSIONS OFF)
  if(NOT CMAKE_CUDA20_STANDARD_COMPILE_OPTION)  # CMake 3.25 does not know it
    set(CMAKE_CUDA20_STANDARD_COMPILE_OPTION "-std=c++20")
    set(CMAKE_CUDA20_EXTENSION_COMPILE_OPTION "-std=c++20")
  endif()
  message(STATUS "CUDA backend: ${CMAKE_CUDA_COMPILER} ${CMAKE_CUDA_COMPILER_VERSION}, "
                 "for ${CMAKE_CUDA_ARCHITECTURES}")
else()
  message(STATUS "CUDA backend: not built (no CUDA compiler that works, or switched off)")
endif()
