# SPDX-License-Identifier: BSD-3-Clause
# soapstone_add_test(<name> SOURCES <files> ROOMS <rooms> [RANKS <n>...] [LABELS <l>...] [TIMEOUT <s>])
# Without RANKS: one plain ctest. With RANKS: one ctest per rank count, run by mpiexec, linked to the MPI test driver.
set(SOAPSTONE_MPIEXEC_FLAGS "" CACHE STRING "Extra mpiexec flags for tests (default: those Open MPI needs)")
execute_process(COMMAND ${MPIEXEC_EXECUTABLE} --version OUTPUT_VARIABLE mpiexec_version ERROR_QUIET)
if(SOAPSTONE_MPIEXEC_FLAGS)
  set(soapstone_mpiexec_flags ${SOAPSTONE_MPIEXEC_FLAGS})
elseif(mpiexec_version MATCHES "Open MPI|OpenRTE")
  # More ranks than cores: ranks that wait must yield, and must not be bound on top of each other.
  set(soapstone_mpiexec_flags --allow-run-as-root --oversubscribe --bind-to none --mca mpi_yield_when_idle 1)
else()
  set(soapstone_mpiexec_flags "")
endif()

# What the tests labelled `asan` run: all that the preset asan builds.
if(NOT TARGET asan_programs)
  add_custom_target(asan_programs)
endif()

function(soapstone_add_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "TIMEOUT" "SOURCES;ROOMS;RANKS;LABELS")
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 120)
  endif()
  add_executable(${name} ${arg_SOURCES})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/tests")
  list(TRANSFORM arg_ROOMS PREPEND soapstone_ OUTPUT_VARIABLE rooms)
  target_link_libraries(${name} PRIVATE soapstone_flags soapstone_test_flags ${rooms})
  target_precompile_headers(${name} REUSE_FROM soapstone_test_headers)
  if("asan" IN_LIST arg_LABELS)
    add_dependencies(asan_programs ${name})
  endif()
  if(NOT arg_RANKS)
    target_link_libraries(${name} PRIVATE GTest::gtest GTest::gmock GTest::gtest_main)
    add_test(NAME ${name} COMMAND ${name})
    soapstone_test_properties(${name} 1 ${arg_TIMEOUT} "${arg_LABELS}")
    return()
  endif()
  target_link_libraries(${name} PRIVATE soapstone_mpi_test_main)
  foreach(ranks IN LISTS arg_RANKS)
    add_test(NAME ${name}.${ranks} COMMAND ${MPIEXEC_EXECUTABLE} ${soapstone_mpiexec_flags} ${MPIEXEC_NUMPROC_FLAG} ${ranks}
             $<TARGET_FILE:${name}>)
    soapstone_test_properties(${name}.${ranks} ${ranks} ${arg_TIMEOUT} "${arg_LABELS};mpi")
  endforeach()
endfunction()

function(soapstone_test_properties test ranks timeout labels)
  # Open MPI's own: no search for networks that one machine does not need, and no daemon beside a rank that mpiexec did not start.
  # The tests start the program a thousand times; this halves what each start takes.
  set(environment OMP_NUM_THREADS=1 OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_pml=ob1
      OMPI_MCA_ess_singleton_isolated=1)
  math(EXPR timeout "2 * ${timeout}") # several tests run at a time
  if(SOAPSTONE_SANITIZE)
    math(EXPR timeout "2 * ${timeout}")
    # Without the slow unwinder the stacks of leaks inside MPI end before the functions that the suppressions name. Requests for
    # more memory than there is fail as they do without sanitizers.
    list(APPEND environment ASAN_OPTIONS=fast_unwind_on_malloc=0:allocator_may_return_null=1
         "LSAN_OPTIONS=suppressions=${PROJECT_SOURCE_DIR}/tests/support/leak_suppressions.txt:print_suppressions=0")
  endif()
  # The longest begin first, so that none is left alone at the end.
  set(cost 1)
  if(labels MATCHES "slurm|faults")
    set(cost 100)
  elseif(labels MATCHES "integration")
    set(cost 50)
  endif()
  set_tests_properties(${test} PROPERTIES COST ${cost} PROCESSORS ${ranks} TIMEOUT ${timeout} LABELS "${labels}"
    ENVIRONMENT "${environment}")
endfunction()
