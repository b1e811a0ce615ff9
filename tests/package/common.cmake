# What the tests of the package share. Set by the caller: SOURCE_DIR BUILD_DIR C CXX LAUNCHER NM
# SANITIZE PROGRAMS SHARED.

set(compilers -G Ninja -DCMAKE_C_COMPILER=${C} -DCMAKE_CXX_COMPILER=${CXX}
              -DCMAKE_CXX_COMPILER_LAUNCHER=${LAUNCHER} -DCMAKE_BUILD_TYPE=Release)
set(strict_flags "-DCMAKE_CXX_FLAGS=-Wall -Wextra -Werror -std=c++20" "-DCMAKE_C_FLAGS=-Wall -Wextra -Werror")
if(SANITIZE)
  set(sanitize_flags -DCMAKE_EXE_LINKER_FLAGS=-fsanitize=${SANITIZE})
endif()

# run(COMMAND...): fails the test if the command fails; leaves what it printed in `output`.
function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT status EQUAL 0)
    message(FATAL_ERROR "${ARGN}: ${status}\n${output}")
  endif()
  set(output "${output}" PARENT_SCOPE)
endfunction()

# expect_plan(PROGRAM): the small instance's best plan is the last line that the program prints.
function(expect_plan program)
  run(${program} ${SOURCE_DIR}/tests/package/small.json 2)
  if(NOT output MATCHES "\\[0, 0, 2, 1, 0\\]\n$")
    message(FATAL_ERROR "${program} printed: ${output}")
  endif()
endfunction()

# build_examples(PREFIX WORK): each example against what is installed at PREFIX, with no other path.
function(build_examples prefix work)
  foreach(example solve solve_c)
    run(${CMAKE_COMMAND} -S ${SOURCE_DIR}/examples/${example} -B ${work}/${example} ${compilers}
        ${strict_flags} ${sanitize_flags} -DCMAKE_PREFIX_PATH=${prefix})
    run(${CMAKE_COMMAND} --build ${work}/${example})
    expect_plan(${work}/${example}/${example})
  endforeach()
endfunction()

# expect_public_only(LIBRARY PREFIX): all that a shared library exports is declared in the headers.
function(expect_public_only library prefix)
  run(${NM} --dynamic --defined-only --demangle ${library})
  file(GLOB headers ${prefix}/include/warpshard/*.h)
  set(declared "")
  foreach(header IN LISTS headers)
    file(READ ${header} text)
    string(APPEND declared "${text}")
  endforeach()
  string(REGEX MATCHALL "[^\n]+" lines "${output}")
  set(functions 0)
  foreach(line IN LISTS lines)
    if(NOT line MATCHES "^[0-9a-f]+ [TVWu] (warpshard_[a-z0-9_]+$|warpshard::[^(]*)")
      message(FATAL_ERROR "${library} exports: ${line}")
    endif()
    string(REGEX MATCH "[A-Za-z0-9_]+(\\[abi:cxx11\\])?$" name "${CMAKE_MATCH_1}")
    string(REPLACE "[abi:cxx11]" "" name "${name}")
    string(FIND "${declared}" "${name}(" place)
    if(place EQUAL -1)
      message(FATAL_ERROR "${library} exports what no header declares: ${line}")
    endif()
    math(EXPR functions "${functions} + 1")
  endforeach()
  if(functions LESS 50)
    message(FATAL_ERROR "${library} exports ${functions} functions only")
  endif()
endfunction()

# expect_headers_alone(PREFIX WORK): every public header compiles by itself.
function(expect_headers_alone prefix work)
  file(GLOB headers RELATIVE ${prefix}/include ${prefix}/include/warpshard/*.h)
  foreach(header IN LISTS headers)
    file(WRITE ${work}/alone.cpp "#include <${header}>\n#include <${header}>\nint main() {}\n")
    run(${CXX} -std=c++20 -Wall -Wextra -Wpedantic -Werror -fsyntax-only -I${prefix}/include
        ${work}/alone.cpp)
  endforeach()
  file(GLOB_RECURSE installed RELATIVE ${prefix}/include ${prefix}/include/*)
  foreach(header IN LISTS installed)
    if(NOT header MATCHES "^warpshard/")
      message(FATAL_ERROR "installed beside include/warpshard: ${header}")
    endif()
  endforeach()
endfunction()
