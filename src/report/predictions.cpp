// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/report/predictions.hpp"

#include "soapstone/base/error.hpp"
#include "soapstone/base/text.hpp"
#include "soapstone/formats/extxyz_writer.hpp"
#include "soapstone/report/prediction_keys.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <span>
#include <sstream>

namespace soapstone::report {

namespace {

/// The shortest decimal that reads back to the same number.
std::string shortest(double value) {
  char text[32];
  const auto result = std::to_chars(text, text + sizeof text, value);
  return {text, result.ptr};
}

std::string header(const workflow::Predictions& predictions) {
  std::string line = "index,n_atoms", uncertainties, intervals;
  for (const auto& target : predictions.targets) {
    const std::string suffix = predictions.targets.size() > 1 ? "_" + target : "";
    for (const char* column : {"predicted", "reference", "error"})
      line += "," + csv_field(column + suffix);
    if (!predictions.uncertainties.empty())
      uncertainties += "," + csv_field("uncertainty" + suffix);
    if (!predictions.intervals.empty())
      intervals += "," + csv_field("interval_95" + suffix);
  }
  return line + uncertainties + intervals + (predictions.novelty_column ? ",novelty" : "") +
         (predictions.folds.empty() ? "\n" : ",fold\n");
}

formats::AtomArray atomic_array(const std::string& target, std::span<const double> energies) {
  formats::AtomArray array{"atomic_" + target, 'R', 1, {}};
  for (const double energy : energies) { // with a point or an exponent: ASE would read 0 as an integer
    auto text = shortest(energy);
    array.values.push_back(text.find_first_of(".en") == std::string::npos ? text + ".0" : text);
  }
  return array;
}

/// The input's entries that stay, and the index.
std::vector<formats::InfoEntry> kept_info(const formats::DataSet& data, std::size_t s,
                                          const std::vector<std::string>& targets) {
  std::vector<formats::InfoEntry> info;
  if (!data.info.empty())
    std::copy_if(data.info[s].begin(), data.info[s].end(), std::back_inserter(info),
                 [&](const formats::InfoEntry& entry) { return !is_prediction_key(entry.key, targets); });
  info.push_back({"index", std::to_string(s), false});
  return info;
}

/// Refuses what no file may hold.
void require_finite(const workflow::Predictions& predictions, const formats::DataSet& data) {
  for (std::size_t t = 0; t < predictions.energies.size(); ++t)
    for (std::size_t i = 0; i < predictions.positions.size(); ++i)
      if (const auto s = static_cast<std::size_t>(predictions.positions[i]);
          !std::isfinite(predictions.energies[t][i]) ||
          (!predictions.uncertainties.empty() && !std::isfinite(predictions.uncertainties[t][i])) ||
          (!predictions.intervals.empty() && !std::isfinite(predictions.intervals[t][i])))
        throw NumericalError("the prediction of " + predictions.targets[t] + " for structure " +
                             std::to_string(s) + " is not finite" + " (" +
                             to_string(data.structures.at(s).origin.location()) + ")");
}

} // namespace

std::string predictions_csv(const workflow::Predictions& predictions, const formats::DataSet& data) {
  require_finite(predictions, data);
  std::string text = header(predictions);
  for (std::size_t i = 0; i < predictions.positions.size(); ++i) {
    const auto s = static_cast<std::size_t>(predictions.positions[i]);
    text += std::to_string(s) + "," + std::to_string(data.structures[s].size());
    for (std::size_t t = 0; t < predictions.targets.size(); ++t) {
      const double predicted = predictions.energies[t][i], reference = data.targets[t][s];
      text += "," + shortest(predicted);
      text +=
          std::isnan(reference) ? ",," : "," + shortest(reference) + "," + shortest(predicted - reference);
    }
    for (const auto* widths : {&predictions.uncertainties, &predictions.intervals})
      for (const auto& width : *widths)
        text += "," + shortest(width[i]);
    if (predictions.novelty_column)
      text += "," + shortest(predictions.novelty[i]);
    text += predictions.folds.empty() ? "\n" : "," + std::to_string(predictions.folds[i]) + "\n";
  }
  return text;
}

std::string predictions_xyz(const workflow::Predictions& predictions, const formats::DataSet& data) {
  require_finite(predictions, data);
  std::ostringstream text;
  std::size_t atom = 0;
  for (std::size_t i = 0; i < predictions.positions.size(); ++i) {
    const auto s = static_cast<std::size_t>(predictions.positions[i]);
    formats::Frame frame;
    frame.structure = data.structures[s];
    frame.info = kept_info(data, s, predictions.targets);
    for (std::size_t t = 0; t < predictions.targets.size(); ++t) {
      const auto& name = predictions.targets[t];
      frame.info.push_back({"predicted_" + name, shortest(predictions.energies[t][i]), false});
      if (!std::isnan(data.targets[t][s]))
        frame.info.push_back({name, shortest(data.targets[t][s]), false});
      frame.info.push_back({name + "_unit", "eV", false});
      frame.info.push_back({name + "_scope", "total", false});
      if (!predictions.uncertainties.empty())
        frame.info.push_back({"uncertainty_" + name, shortest(predictions.uncertainties[t][i]), false});
      if (!predictions.intervals.empty())
        frame.info.push_back({"interval_95_" + name, shortest(predictions.intervals[t][i]), false});
      if (!predictions.atoms.empty())
        frame.arrays.push_back(
            atomic_array(name, std::span(predictions.atoms[t]).subspan(atom, frame.structure.size())));
    }
    if (!predictions.novelty.empty())
      frame.info.push_back({"novelty", shortest(predictions.novelty[i]), false});
    atom += frame.structure.size();
    // The input's own energies, if they stay, are in a unit of their own.
    if (frame.find("energy") == nullptr && frame.find("energy_unit") == nullptr)
      frame.info.push_back({"energy_unit", "eV", false});
    formats::write_extxyz(text, frame);
  }
  return text.str();
}

} // namespace soapstone::report
