# What `cmake --install` puts where, and the package that find_package(warpshard) finds.

include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(components model io reduce generate bound cuda search)
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/warpshard)

foreach(component IN LISTS components)
  set_target_properties(warpshard_${component} PROPERTIES EXPORT_NAME ${component})
  target_include_directories(warpshard_${component} INTERFACE $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  install(TARGETS warpshard_${component} EXPORT warpshardTargets
          ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}/warpshard)
endforeach()
install(TARGETS warpshard EXPORT warpshardTargets)
install(EXPORT warpshardTargets NAMESPACE warpshard:: DESTINATION ${package_dir})

# The public interface; nothing else is promised to stay.
install(DIRECTORY include/warpshard DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(TARGETS iopddl warpshard_program RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(PROGRAMS tools/plot_trace.py DESTINATION ${CMAKE_INSTALL_DATADIR}/warpshard)
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})

configure_package_config_file(cmake/warpshardConfig.cmake.in warpshardConfig.cmake
                              INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(warpshardConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/warpshardConfig.cmake
              ${PROJECT_BINARY_DIR}/warpshardConfigVersion.cmake
        DESTINATION ${package_dir})
