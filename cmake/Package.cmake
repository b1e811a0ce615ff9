# What `cmake --install` puts where, and the packages that find_package(warpshard) and pkg-config find.

include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/warpshard)

install(TARGETS warpshard EXPORT warpshardTargets)
install(EXPORT warpshardTargets NAMESPACE warpshard:: DESTINATION ${package_dir})

# The public interface; nothing else is promised to stay.
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/warpshard ${PROJECT_BINARY_DIR}/include/warpshard
        DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
if(WARPSHARD_BUILD_PROGRAMS)
  install(TARGETS iopddl warpshard_program RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
  install(PROGRAMS ${PROJECT_SOURCE_DIR}/tools/plot_trace.py DESTINATION ${CMAKE_INSTALL_DATADIR}/warpshard)
endif()

configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/warpshardConfig.cmake.in
                              ${PROJECT_BINARY_DIR}/warpshardConfig.cmake
                              INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/warpshardConfigVersion.cmake
                                 COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/warpshardConfig.cmake
              ${PROJECT_BINARY_DIR}/warpshardConfigVersion.cmake
        DESTINATION ${package_dir})

# pkg-config: where the prefix is follows from where the file is, so that the tree may be moved.
file(RELATIVE_PATH prefix_from_pc /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
set(private_packages "")
if(WARPSHARD_STORE)
  set(private_packages " libcrypto")
endif()
set(private_libraries -pthread -lstdc++ -lm)
if(WARPSHARD_HAS_CUDA)
  list(APPEND private_libraries -L${CUDAToolkit_LIBRARY_DIR} -lcudart_static -ldl -lrt)
endif()
list(JOIN private_libraries " " private_libraries)
configure_file(${PROJECT_SOURCE_DIR}/cmake/warpshard.pc.in ${PROJECT_BINARY_DIR}/warpshard.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/warpshard.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
