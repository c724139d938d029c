// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/app/report.hpp"
#include "soapstone/app/session.hpp"
#include "soapstone/app/training_set.hpp"
#include "soapstone/kernel/kernel_sum.hpp"
#include "soapstone/regression/predictor.hpp"

#include <vector>

namespace soapstone::app {

/// The model of a training set before its coefficients are known: kernels, baselines, structures, settings.
regression::Model start_model(const Session& session, const DrawnData& data,
                              std::vector<kernel::KernelSpec> kernels);

/// Collective. The stage "compact": adds the forms that predict without the training set, the committee's
/// too.
void make_compact(Session& session, const kernel::KernelSum& features, regression::Model& model);

/// Collective. The stage "novelty": what tells how near new structures are to the training set.
void measure_training_set(Session& session, regression::Model& model);

/// Collective. The stage "predict": energies of the test structures in eV, [target][structure], by the
/// compact forms where the model has them, else by its training features; with error bars where the model has
/// a committee.
regression::Prediction predict_test(Session& session, const DrawnData& data,
                                    const kernel::KernelSum& features, const regression::Model& model);

/// Collective. What rounding features to float32 (soap.precision) does to predictions: those of up to 200
/// test structures by the compact forms, with their features rounded and not. {"mean_ev", "max_ev",
/// "structures"}, in eV per structure; null where nothing is rounded, or without compact forms or test
/// structures.
Json float32_effect(Session& session, const DrawnData& data, const regression::Model& model);

} // namespace soapstone::app
