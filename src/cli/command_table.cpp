// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/cli/command_table.hpp"

#include "soapstone/base/error.hpp"
#include "soapstone/base/text.hpp"

#include <array>
#include <vector>

namespace soapstone::cli {

namespace {

constexpr std::array<CommandInfo, 10> command_rows{{
    {options::Command::train, "fit a model and, with a test set, report its errors",
     "--data.structures molecules.xyz --data.train 1500 --data.test 500 --output model.h5", "model.h5"},
    {options::Command::predict, "apply a model to structures, and report errors where the target is known",
     "--model model.h5 --data.structures new.xyz --output predictions.csv", ""},
    {options::Command::evaluate, "run k-fold or leave-one-out cross-validation for a list of regularisations",
     "--data.structures molecules.xyz --validation.folds 10", ""},
    {options::Command::learning_curve,
     "compute errors against the size of the training set over random splits",
     "--data.structures molecules.xyz --data.test 500 --report curve.json", ""},
    {options::Command::search,
     "search hyperparameters by cross-validation (grid, random or successive halving)",
     "--data.structures molecules.xyz --radial-scaling.scale 1.5:4:6 --radial-scaling.exponent 4,6,8",
     "search.csv"},
    {options::Command::optimize,
     "optimise species coupling, scaling, weights and regularisation with gradients",
     "--data.structures crystals.xyz --species.channels 4", "coupling.txt"},
    {options::Command::kernel, "write the kernel matrix between structures to HDF5",
     "--data.structures molecules.xyz --against others.xyz --output kernel.h5", "kernel.h5"},
    {options::Command::features, "write environment features to HDF5",
     "--data.structures molecules.xyz --output features.h5", "features.h5"},
    {options::Command::plan, "predict the memory and time of a run on given ranks", "--config train.ini", ""},
    {options::Command::inspect, "describe a soapstone file, or check structures before training",
     "molecules.xyz", ""},
}};

} // namespace

std::span<const CommandInfo> command_table() {
  return command_rows;
}

const CommandInfo& info_of(options::Command command) {
  return command_rows[static_cast<std::size_t>(command)];
}

options::Command command_named(const std::string& name) {
  std::vector<std::string> names;
  for (const auto& row : command_rows) {
    if (row.name() == name)
      return row.command;
    names.emplace_back(row.name());
  }
  const auto nearest = nearest_name(name, names);
  throw ConfigError("unknown command '" + name + "'" +
                        (nearest.empty() ? "; commands are " + command_names(sets::all)
                                         : ": did you mean '" + nearest + "'?"),
                    name, "command line");
}

std::string command_names(CommandSet set) {
  std::string names;
  for (const auto& row : command_rows)
    if ((set & only(row.command)) != 0)
      names += (names.empty() ? "" : ", ") + std::string(row.name());
  return names;
}

} // namespace soapstone::cli
