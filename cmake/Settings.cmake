# Options and the flags that every target of the project shares.

option(WARPSHARD_BUILD_TESTS "Build the tests" ON)
option(WARPSHARD_BUILD_BENCHMARKS "Build the benchmarks" ON)
set(WARPSHARD_ARCH "native" CACHE STRING
    "Instruction set the CPU code is compiled for (the compiler's -march=)")
set(WARPSHARD_SANITIZE "" CACHE STRING "Sanitizers, as in -fsanitize=; empty for none")

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()

# Interface target: warnings (as errors), include root, instruction set, sanitizers.
add_library(warpshard_settings INTERFACE)
target_include_directories(warpshard_settings INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(warpshard_settings INTERFACE
  $<$<COMPILE_LANGUAGE:CXX>:-Wall -Wextra -Wpedantic -Wshadow -Werror>)
if(WARPSHARD_ARCH)
  target_compile_options(warpshard_settings INTERFACE
    $<$<COMPILE_LANGUAGE:CXX>:-march=${WARPSHARD_ARCH}>)
endif()
if(WARPSHARD_SANITIZE)
  target_compile_options(warpshard_settings INTERFACE
    $<$<COMPILE_LANGUAGE:CXX>:-fsanitize=${WARPSHARD_SANITIZE} -fno-omit-frame-pointer
                              -fno-sanitize-recover=all>)
  target_link_options(warpshard_settings INTERFACE -fsanitize=${WARPSHARD_SANITIZE})
endif()

# warpshard_add_component(NAME SOURCES... DEPENDS libs...): a static library of the core.
function(warpshard_add_component name)
  cmake_parse_arguments(arg "" "" "SOURCES;DEPENDS" ${ARGN})
  add_library(warpshard_${name} STATIC ${arg_SOURCES})
  target_link_libraries(warpshard_${name} PUBLIC warpshard_settings ${arg_DEPENDS})
endfunction()

# warpshard_add_test(NAME SOURCES... DEPENDS libs... LABELS ...): a GoogleTest program.
function(warpshard_add_test name)
  cmake_parse_arguments(arg "" "" "SOURCES;DEPENDS;LABELS" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE ${arg_DEPENDS} GTest::gtest_main)
  gtest_discover_tests(${name} DISCOVERY_TIMEOUT 60 PROPERTIES TIMEOUT 600 LABELS "${arg_LABELS}")
endfunction()
