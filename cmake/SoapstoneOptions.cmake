# SPDX-License-Identifier: BSD-3-Clause
# Compiler settings that every target of the project shares, as one interface target.
add_library(soapstone_options INTERFACE)
target_compile_features(soapstone_options INTERFACE cxx_std_20)
target_compile_options(soapstone_options INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wshadow)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # g++ 12 warns of overlapping copies inside std::string's operator+ (GCC bug 105651).
  target_compile_options(soapstone_options INTERFACE -Wno-restrict)
endif()

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Build type" FORCE)
endif()
if(SOAPSTONE_WERROR)
  target_compile_options(soapstone_options INTERFACE -Werror)
endif()
if(SOAPSTONE_NATIVE)
  include(CheckCXXCompilerFlag)
  check_cxx_compiler_flag(-march=native SOAPSTONE_HAS_MARCH_NATIVE)
  if(SOAPSTONE_HAS_MARCH_NATIVE)
    # 512-bit vectors: the feature kernels are dense and short, which is where they pay.
    target_compile_options(soapstone_options INTERFACE -march=native -mprefer-vector-width=512)
  endif()
endif()
if(SOAPSTONE_SANITIZE)
  target_compile_options(soapstone_options INTERFACE -fsanitize=address,undefined -fno-omit-frame-pointer
                         -fno-sanitize-recover=undefined)
  target_link_options(soapstone_options INTERFACE -fsanitize=address,undefined)
endif()
