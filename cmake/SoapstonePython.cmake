# SPDX-License-Identifier: BSD-3-Clause
# The Python of tests and scripts: the system's, which has the packages, before any other in the path.
find_program(SOAPSTONE_PYTHON NAMES python3 PATHS /usr/bin NO_DEFAULT_PATH DOC "Python with numpy, scipy, h5py, ase (test oracles)")
if(NOT SOAPSTONE_PYTHON)
  find_program(SOAPSTONE_PYTHON NAMES python3)
endif()
