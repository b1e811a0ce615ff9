# What `cmake --install` puts where, and the package that find_package(warpshard) finds.

include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(components model io reduce generate bound cuda search)
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/warpshard)
set(include_dir ${CMAKE_INSTALL_INCLUDEDIR}/warpshard)

foreach(component IN LISTS components)
  set_target_properties(warpshard_${component} PROPERTIES EXPORT_NAME ${component})
  target_include_directories(warpshard_${component} INTERFACE $<INSTALL_INTERFACE:${include_dir}>)
  install(TARGETS warpshard_${component} EXPORT warpshardTargets
          ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}/warpshard)
endforeach()
install(TARGETS warpshard EXPORT warpshardTargets)
install(EXPORT warpshardTargets NAMESPACE warpshard:: DESTINATION ${package_dir})

# The public interface; nothing else is promised to stay.
install(FILES host/model/cost.h host/model/evaluator.h host/model/problem.h host/model/result.h
        DESTINATION ${include_dir}/host/model)
install(FILES host/io/load.h host/io/plan_io.h host/io/save.h host/io/validate.h
        DESTINATION ${include_dir}/host/io)
install(FILES host/search/repair.h host/search/solver.h DESTINATION ${include_dir}/host/search)
install(FILES host/generate/coupling.h host/generate/generator.h
        DESTINATION ${include_dir}/host/generate)
install(TARGETS iopddl warpshard_program RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(PROGRAMS tools/plot_trace.py DESTINATION ${CMAKE_INSTALL_DATADIR}/warpshard)
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})

configure_package_config_file(cmake/warpshardConfig.cmake.in warpshardConfig.cmake
                              INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(warpshardConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/warpshardConfig.cmake
              ${PROJECT_BINARY_DIR}/warpshardConfigVersion.cmake
        DESTINATION ${package_dir})
