# SPDX-License-Identifier: Apache-2.0
# vedette_library(ROOM): the target libvedette, one static archive with the objects of vedette_ROOM and
# of every room below it, and the rules that install it with the headers of include/, a CMake package
# (find_package(Vedette), target Vedette::vedette) and a pkg-config file.
#
# What the rooms link from outside is read off them, so a new dependency of a room needs no word here
# unless its pkg-config name differs from its CMake package's (VEDETTE_PC_NAMES).
set(VEDETTE_PC_NAMES "fmt=fmt" "simdjson=simdjson" "OpenSSL=libcrypto" "ZLIB=zlib")

# ROOMS: vedette_* targets reached from `target`; OUTSIDE: everything else they link.
function(vedette_collect_links target rooms outside)
  set(found_rooms "")
  set(found_outside "")
  set(open ${target})
  while(open)
    list(POP_FRONT open next)
    list(APPEND found_rooms ${next})
    get_target_property(links ${next} LINK_LIBRARIES)
    foreach(link IN LISTS links)
      if(link MATCHES "^vedette_")
        if(NOT link IN_LIST found_rooms AND NOT link IN_LIST open)
          list(APPEND open ${link})
        endif()
      elseif(link)
        list(APPEND found_outside ${link})
      endif()
    endforeach()
  endwhile()
  list(REMOVE_DUPLICATES found_outside)
  set(${rooms} ${found_rooms} PARENT_SCOPE)
  set(${outside} ${found_outside} PARENT_SCOPE)
endfunction()

# The package file's words for `outside`: CMake packages, pkg-config modules, and a .pc file's Requires.
function(vedette_name_dependencies outside packages modules requires)
  set(found_packages "")
  set(found_modules "")
  set(found_requires "")
  foreach(link IN LISTS outside)
    if(link MATCHES "^PkgConfig::(.+)$")
      list(APPEND found_modules "${CMAKE_MATCH_1}=${${CMAKE_MATCH_1}_MODULE_NAME}")
      list(APPEND found_requires ${${CMAKE_MATCH_1}_MODULE_NAME})
    elseif(link MATCHES "^([^:]+)::")
      set(package ${CMAKE_MATCH_1})
      list(APPEND found_packages ${package})
      set(names ${VEDETTE_PC_NAMES})
      list(FILTER names INCLUDE REGEX "^${package}=")
      string(REGEX REPLACE "^.*=" "" name "${names}")
      list(APPEND found_requires ${name})
    else()
      message(FATAL_ERROR "libvedette: no way to name '${link}' to those who link it")
    endif()
  endforeach()
  string(REPLACE ";" " " found_requires "${found_requires}")
  set(${packages} "${found_packages}" PARENT_SCOPE)
  set(${modules} "${found_modules}" PARENT_SCOPE)
  set(${requires} "${found_requires}" PARENT_SCOPE)
endfunction()

function(vedette_library room)
  include(GNUInstallDirs)
  include(CMakePackageConfigHelpers)
  vedette_collect_links(vedette_${room} rooms outside)
  set(objects "")
  foreach(one IN LISTS rooms)
    list(APPEND objects $<TARGET_OBJECTS:${one}>)
  endforeach()
  add_library(libvedette STATIC ${objects})
  set_target_properties(libvedette PROPERTIES OUTPUT_NAME vedette EXPORT_NAME vedette
                                              LINKER_LANGUAGE CXX)
  # Private: those who link the archive link these too, but its headers do not show them.
  target_link_libraries(libvedette PRIVATE ${outside})
  target_compile_features(libvedette INTERFACE cxx_std_20)
  target_include_directories(libvedette INTERFACE $<BUILD_INTERFACE:${CMAKE_SOURCE_DIR}/include>
                                                  $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)

  vedette_name_dependencies("${outside}" VEDETTE_PACKAGES VEDETTE_MODULES VEDETTE_REQUIRES)
  set(package ${CMAKE_BINARY_DIR}/package)
  set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/Vedette)
  configure_package_config_file(${CMAKE_SOURCE_DIR}/cmake/VedetteConfig.cmake.in
                                ${package}/VedetteConfig.cmake INSTALL_DESTINATION ${package_dir})
  # Before 1.0 a new minor version may change the interface.
  write_basic_package_version_file(${package}/VedetteConfigVersion.cmake
                                   COMPATIBILITY SameMinorVersion)
  # From where the file lies, so that a prefix given at installation holds.
  file(RELATIVE_PATH VEDETTE_PC_PREFIX /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
  configure_file(${CMAKE_SOURCE_DIR}/cmake/vedette.pc.in ${package}/vedette.pc @ONLY)
  install(TARGETS libvedette EXPORT VedetteTargets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
          COMPONENT embedding)
  install(EXPORT VedetteTargets NAMESPACE Vedette:: DESTINATION ${package_dir} COMPONENT embedding)
  install(FILES ${package}/VedetteConfig.cmake ${package}/VedetteConfigVersion.cmake
          DESTINATION ${package_dir} COMPONENT embedding)
  install(FILES ${package}/vedette.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig
          COMPONENT embedding)
  install(DIRECTORY ${CMAKE_SOURCE_DIR}/include/vedette DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
          COMPONENT embedding)
endfunction()
