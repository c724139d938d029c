// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/regression/predictor.hpp"
#include "soapstone/workflow/solve_stage.hpp"

#include <optional>
#include <vector>

namespace soapstone::workflow {

/// Returns what is known of a model before it is solved for: kernels, baselines, structures, settings.
regression::Model start_model(const planning::Machine& machine, const options::Configuration& configuration,
                              const DrawnData& data, std::vector<kernel::KernelSpec> kernels);

/// Forms that predict without the training set, one per kernel: those of the model's coefficients, unless
/// the solver has found them itself, and those of the committee's, if there is one.
struct CompactForms {
  std::vector<kernel::CompactForm> model, committee;
};

/// Collective. The stage "compact": makes the forms for a solution with so many targets.
CompactForms make_compact(Stages& stages, const kernel::KernelSum& features, const Solution& solution,
                          std::int64_t targets);

/// A model that predicts; nothing is known of novelty and provenance.
struct TrainedModel {
  regression::Model model;
  std::vector<double> fitted; ///< see Solution
  SolverRecord record;
};

/// Collective. Solves as planned, makes the compact forms, and puts the model together. `checkpoint` may be
/// null. Throws Stopped on all ranks when one was asked to stop.
TrainedModel train_model(const Context& context, const DrawnData& data, LazyFeatures& features,
                         const SolverPlan& plan, regression::Model start,
                         TrainingCheckpoint* checkpoint = nullptr);

/// Collective. The stage "novelty": what tells how near new structures are to the training set of a model.
std::vector<regression::NoveltyReference> measure_training_set(Stages& stages, const regression::Model& model,
                                                               std::uint64_t seed);

/// Collective. The stage "predict": energies of the test structures in eV, [target][structure], by the
/// compact forms where the model has them, else by its training features; with error bars where the model has
/// a committee.
regression::Prediction predict_test(Stages& stages, const DrawnData& data, LazyFeatures& features,
                                    const regression::Model& model);

/// Changes of predictions, eV per structure.
struct RoundingEffect {
  double mean = 0, most = 0;
  std::size_t structures = 0;
};

/// Collective. What rounding features to float32 (soap.precision) does to predictions: those of up to 200
/// test structures by the compact forms, with their features rounded and not. Nothing where nothing is
/// rounded, or without compact forms or test structures.
std::optional<RoundingEffect> float32_effect(Stages& stages, const DrawnData& data,
                                             const regression::Model& model);

} // namespace soapstone::workflow
