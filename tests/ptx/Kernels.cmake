# Finds nvcc, also where the CUDA backend is left out of the build, and compiles the kernels to PTX.
# Sets WARPSHARD_NVCC and its major version, WARPSHARD_NVCC_MAJOR. The first is empty where there is none
# that works, or where the interpreter would be slow.

if(NOT DEFINED WARPSHARD_NVCC)
  set(found "")
  find_program(WARPSHARD_NVCC_FOUND nvcc HINTS ENV CUDA_PATH PATH_SUFFIXES bin PATHS /usr/local/cuda)
  mark_as_advanced(WARPSHARD_NVCC_FOUND)
  if(WARPSHARD_NVCC_FOUND AND NOT CMAKE_CROSSCOMPILING AND NOT CMAKE_BUILD_TYPE STREQUAL "Debug")
    # Its headers may not go with this C library.
    file(WRITE ${CMAKE_CURRENT_BINARY_DIR}/tried.cu "__global__ void nothing() {}\n")
    execute_process(
      COMMAND ${WARPSHARD_NVCC_FOUND} -std=c++20 -arch=compute_80 -ptx tried.cu -o tried.txt
      WORKING_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR} RESULT_VARIABLE status OUTPUT_QUIET ERROR_QUIET)
    if(status EQUAL 0)
      set(found ${WARPSHARD_NVCC_FOUND})
    endif()
  endif()
  set(WARPSHARD_NVCC "${found}" CACHE FILEPATH "nvcc for the tests of PTX; empty for none")
  if(found)
    message(STATUS "Kernels are tested as PTX: ${found}")
  else()
    message(STATUS "Kernels are not tested as PTX (no nvcc that works, or it would take long)")
  endif()
endif()
if(NOT WARPSHARD_NVCC)
  return()
endif()
execute_process(COMMAND ${WARPSHARD_NVCC} --version OUTPUT_VARIABLE version)
string(REGEX REPLACE ".*release ([0-9]+).*" "\\1" WARPSHARD_NVCC_MAJOR "${version}")

# The oldest architecture of all that are built: ptxas assembles its PTX for each of them.
set(ptx_flags -arch=compute_80 -std=c++20 -O3 -DNDEBUG --fmad=false --default-stream=per-thread
              -I${PROJECT_SOURCE_DIR} -I${PROJECT_SOURCE_DIR}/include)
file(GLOB ptx_sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/cuda/*.cu)
list(FILTER ptx_sources EXCLUDE REGEX "/(devices|make_search)\\.cu$")  # without kernels
set(ptx_files "")
foreach(source ${ptx_sources})
  get_filename_component(name ${source} NAME_WE)
  set(file ${CMAKE_CURRENT_BINARY_DIR}/${name}.ptx)
  add_custom_command(OUTPUT ${file}
    COMMAND ${WARPSHARD_NVCC} ${ptx_flags} -ptx -MD -MF ${file}.d ${source} -o ${file}
    DEPENDS ${source} DEPFILE ${file}.d COMMENT "Compiling ${name}.cu to PTX" VERBATIM)
  list(APPEND ptx_files ${file})
endforeach()
add_custom_target(warpshard_kernels_ptx DEPENDS ${ptx_files})
