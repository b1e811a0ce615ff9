# Headers of others that many sources include, parsed once for all targets of a kind. A source still
# includes what it needs: builds with a compiler cache, which as a rule cannot bear precompiled headers,
# go without them.

set(precompile ${PROJECT_IS_TOP_LEVEL})
if(CMAKE_CXX_COMPILER_LAUNCHER)
  set(precompile OFF)
endif()
option(WARPSHARD_PRECOMPILED_HEADERS "Parse headers of others once" ${precompile})

set(standard_headers
  <algorithm> <array> <atomic> <charconv> <chrono> <cmath> <cstdint> <cstring> <deque> <filesystem>
  <functional> <limits> <map> <memory> <mutex> <numeric> <optional> <span> <stdexcept> <string>
  <string_view> <thread> <unordered_map> <utility> <vector>)

# warpshard_precompile(TARGET KIND HEADERS...): precompiles the headers with the first target of a kind;
# later ones, whose options must be the same, share them.
function(warpshard_precompile target kind)
  if(NOT WARPSHARD_PRECOMPILED_HEADERS)
    return()
  endif()
  get_property(owner DIRECTORY ${PROJECT_SOURCE_DIR} PROPERTY precompiled_for_${kind})
  if(owner)
    target_precompile_headers(${target} REUSE_FROM ${owner})
  else()
    target_precompile_headers(${target} PRIVATE ${ARGN})
    set_property(DIRECTORY ${PROJECT_SOURCE_DIR} PROPERTY precompiled_for_${kind} ${target})
  endif()
endfunction()
