# The library as a folder of a larger build, which has neither CLI11 nor nlohmann-json: a shared
# library this time. What the parent installs serves the examples.
include(${CMAKE_CURRENT_LIST_DIR}/common.cmake)

set(work ${BUILD_DIR}/parent_test)
set(prefix ${work}/installed)
file(REMOVE_RECURSE ${work})
run(${CMAKE_COMMAND} -S ${CMAKE_CURRENT_LIST_DIR}/parent -B ${work}/build ${compilers}
    -DWARPSHARD_SOURCE_DIR=${SOURCE_DIR} -DBUILD_SHARED_LIBS=ON -DWARPSHARD_CUDA=OFF
    -DWARPSHARD_INSTALL=ON -DCMAKE_DISABLE_FIND_PACKAGE_CLI11=ON
    -DCMAKE_DISABLE_FIND_PACKAGE_nlohmann_json=ON -DCMAKE_DISABLE_FIND_PACKAGE_GTest=ON
    -DCMAKE_EXPORT_COMPILE_COMMANDS=ON)

# The parent's own sources are compiled with the parent's flags alone.
file(STRINGS ${work}/build/compile_commands.json commands REGEX "-o CMakeFiles/compiler.dir")
if(NOT commands MATCHES "-Wshadow" OR commands MATCHES "-march|-ffp-contract|-fno-tree|visibility")
  message(FATAL_ERROR "the parent is compiled with: ${commands}")
endif()

run(${CMAKE_COMMAND} --build ${work}/build)
expect_plan(${work}/build/compiler)
run(${CMAKE_COMMAND} --install ${work}/build --prefix ${prefix})
file(GLOB library ${prefix}/lib*/libwarpshard.so ${prefix}/lib/*/libwarpshard.so)
expect_public_only(${library} ${prefix})
set(SANITIZE "")
set(sanitize_flags "")
build_examples(${prefix} ${work})
