# Options, and the flags that every target of the project shares. A parent that adds this folder to
# its own build inherits none of them.

option(WARPSHARD_SHARED "Build a shared library, with the public symbols alone" ${BUILD_SHARED_LIBS})
option(WARPSHARD_BUILD_PROGRAMS "Build iopddl and warpshard (needs CLI11, OpenSSL and nlohmann-json)"
       ${PROJECT_IS_TOP_LEVEL})
option(WARPSHARD_STORE "The plan store in the library, for C++ and C (needs OpenSSL and nlohmann-json)"
       ${WARPSHARD_BUILD_PROGRAMS})
option(WARPSHARD_INSTALL "Install the library, its headers and the programs" ${PROJECT_IS_TOP_LEVEL})
option(WARPSHARD_BUILD_TESTS "Build the tests" ${PROJECT_IS_TOP_LEVEL})
option(WARPSHARD_BUILD_BENCHMARKS "Build the benchmarks" ${PROJECT_IS_TOP_LEVEL})
option(WARPSHARD_BUILD_PYTHON "Build the Python extension (pip does; needs nanobind)" OFF)
# Hot loops use AVX-512 beside this where the machine has it (host/model/dispatch.h).
set(default_arch "")
if(CMAKE_SYSTEM_PROCESSOR STREQUAL "x86_64")
  set(default_arch "x86-64-v3")
endif()
set(WARPSHARD_ARCH "${default_arch}" CACHE STRING
    "Instruction set the CPU code is compiled for (the compiler's -march=); empty: its default")
set(WARPSHARD_SANITIZE "" CACHE STRING "Sanitizers, as in -fsanitize=; empty for none")

option(WARPSHARD_FUZZ "Build the fuzz targets with libFuzzer (clang)" OFF)

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
if(PROJECT_IS_TOP_LEVEL)
  set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
  set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
  if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
    set(CMAKE_BUILD_TYPE Release)
  endif()
endif()

include(GNUInstallDirs)
find_package(Threads REQUIRED)

# Headers as users see them: warpshard/..., one of them made here.
configure_file(${PROJECT_SOURCE_DIR}/cmake/version.h.in ${PROJECT_BINARY_DIR}/include/warpshard/version.h)
set(public_include ${PROJECT_SOURCE_DIR}/include ${PROJECT_BINARY_DIR}/include)

# Interface target: warnings (as errors), include roots, instruction set, sanitizers, threads.
add_library(warpshard_settings INTERFACE)
target_include_directories(warpshard_settings INTERFACE ${PROJECT_SOURCE_DIR} ${public_include})
target_link_libraries(warpshard_settings INTERFACE Threads::Threads)
target_compile_options(warpshard_settings INTERFACE
  $<$<COMPILE_LANGUAGE:CXX>:-Wall -Wextra -Wpedantic -Wshadow -Werror>
  # A product and a sum round one after the other, so that every compiler, lane width and device
  # computes the same floats from the same moves; the fused form was no faster.
  $<$<COMPILE_LANGUAGE:CXX>:-ffp-contract=off>)
if(WARPSHARD_ARCH)
  target_compile_options(warpshard_settings INTERFACE
    $<$<COMPILE_LANGUAGE:CXX>:-march=${WARPSHARD_ARCH}>)
endif()
# GCC 12 miscompiles constants such as {k, k, 0, 0} for AVX-512 in its superword pass.
target_compile_options(warpshard_settings INTERFACE
  $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-fno-tree-slp-vectorize>)
if(WARPSHARD_SANITIZE)
  # Instrumented code hides initialisations from GCC's flow analysis: a known false alarm.
  target_compile_options(warpshard_settings INTERFACE
    $<$<COMPILE_LANGUAGE:CXX>:-fsanitize=${WARPSHARD_SANITIZE} -fno-omit-frame-pointer
                              -fno-sanitize-recover=all>
    $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-Wno-maybe-uninitialized>)
  target_link_options(warpshard_settings INTERFACE -fsanitize=${WARPSHARD_SANITIZE})
endif()

if(WARPSHARD_FUZZ)
  target_compile_options(warpshard_settings INTERFACE
    $<$<COMPILE_LANGUAGE:CXX>:-fsanitize=fuzzer-no-link>)
endif()

# warpshard_add_component(NAME SOURCES... DEPENDS libs... OPTIONS flags...): a part of the library, as a
# static library that tests and programs link for what is not public.
function(warpshard_add_component name)
  cmake_parse_arguments(arg "" "" "SOURCES;DEPENDS;OPTIONS" ${ARGN})
  add_library(warpshard_${name} STATIC EXCLUDE_FROM_ALL ${arg_SOURCES})
  target_link_libraries(warpshard_${name} PUBLIC warpshard_settings ${arg_DEPENDS})
  set_target_properties(warpshard_${name} PROPERTIES
    CXX_VISIBILITY_PRESET hidden CUDA_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
  target_compile_options(warpshard_${name} PRIVATE ${arg_OPTIONS})
endfunction()

# warpshard_add_test(NAME SOURCES... DEPENDS libs... LABELS label FILTER pattern): a GoogleTest
# program, all of its tests or those that match.
# Its tests are listed when ctest starts, under the environment of the test preset, so that a
# sanitizer's complaint is a failed test and not a failed build. Label "long" keeps a program out of
# the quick run.
function(warpshard_add_test name)
  cmake_parse_arguments(arg "" "FILTER" "SOURCES;DEPENDS;LABELS" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE warpshard_settings ${arg_DEPENDS} GTest::gtest_main)
  gtest_discover_tests(${name} DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 60
                       TEST_FILTER "${arg_FILTER}"
                       PROPERTIES TIMEOUT 600 LABELS "${arg_LABELS}")
endfunction()
