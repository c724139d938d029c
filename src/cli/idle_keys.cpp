// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/cli/idle_keys.hpp"

#include "soapstone/cli/value.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace soapstone::cli {

namespace {

/// Holds what is set for one kernel, or (0) for all.
class View {
public:
  View(const Settings& settings, int kernel) : settings_(settings), kernel_(kernel) {}

  /// Returns whether the key, or one value of its range, is the word.
  bool may_be(std::string_view name, std::string_view word) const {
    return any(name, [&](const options::Assignment& given, const Option& option) {
      return is_word(given, option) && as_word(given, option) == word;
    });
  }
  bool may_differ_from(std::string_view name, std::string_view word) const {
    return any(name, [&](const options::Assignment& given, const Option& option) {
      return !is_word(given, option) || as_word(given, option) != word;
    });
  }
  bool may_be_positive(std::string_view name) const {
    return any(name, [](const options::Assignment& given, const Option& option) {
      return as_number(given, option) > 0;
    });
  }
  bool may_be_true(std::string_view name) const {
    return any(name, [](const options::Assignment& given, const Option& option) {
      return as_boolean(given, option);
    });
  }
  bool is_set(std::string_view name) const { return !settings_.get(name, kernel_).value.empty(); }
  bool may_use_solver(std::string_view word) const {
    return may_be("regression.solver", word) || may_be("regression.solver", "auto");
  }
  /// Returns what is run, or planned.
  bool runs(std::string_view command) const {
    return settings_.command() == command ||
           (settings_.command_set() == sets::plan && may_be("plan.command", command));
  }
  bool plans() const { return settings_.command_set() == sets::plan || may_be_true("dry-run"); }

private:
  template <typename Holds>
  bool any(std::string_view name, const Holds& holds) const {
    const options::Assignment given = settings_.get(name, kernel_);
    const Option& option = option_named(name);
    for (const auto& range : settings_.ranges())
      if (range.key == given.key)
        return std::any_of(range.values.begin(), range.values.end(), [&](const auto& value) {
          return holds({given.key, value, given.source}, option);
        });
    return holds(given, option);
  }

  const Settings& settings_;
  int kernel_;
};

/// A key needs something; may be there several times.
struct Rule {
  std::string_view key;
  std::string_view lack; ///< "without ..."
  bool (*is_met)(const View&);
};

bool is_coupled(const View& view) {
  return view.runs("optimize") ||
         view.may_differ_from("species.coupling", "none"); // optimize starts from one
}
bool is_gaussian(const View& view) {
  return view.runs("optimize") || view.may_be("species.coupling", "gaussian");
}
bool is_contracted(const View& view) {
  return view.may_differ_from("soap.contraction", "none");
}
bool is_scaled(const View& view) {
  return view.runs("optimize") || view.may_be_positive("radial-scaling.exponent");
}
bool may_iterate(const View& view) {
  return !(view.runs("train") || view.runs("learning-curve")) || view.may_use_solver("cg");
}
bool has_checkpoint(const View& view) {
  return view.is_set("checkpoint");
}
bool is_halving(const View& view) {
  return view.may_be("search.strategy", "halving");
}
bool plans(const View& view) {
  return view.plans();
}

constexpr std::string_view no_gaussian = "without species.coupling = gaussian";
constexpr std::string_view no_coupling = "without species.coupling";
constexpr std::string_view no_contraction = "without soap.contraction";
constexpr std::string_view no_iteration = "without regression.solver = cg";
constexpr std::string_view no_plan = "without --dry-run";

constexpr std::array rules{
    Rule{"data.atom-energy", "without data.baseline = atoms",
         [](const View& view) { return view.may_be("data.baseline", "atoms"); }},
    Rule{"soap.l-max", "with soap.body-order = 2",
         [](const View& view) { return view.may_differ_from("soap.body-order", "2"); }},
    Rule{"soap.contraction-method", no_contraction, is_contracted},
    Rule{"soap.contraction-sample", no_contraction, is_contracted},
    Rule{"radial-scaling.scale", "with radial-scaling.exponent = 0", is_scaled},
    Rule{"radial-scaling.rate", "with radial-scaling.exponent = 0", is_scaled},
    Rule{"species.sigma-electronegativity", no_gaussian, is_gaussian},
    Rule{"species.sigma-radius", no_gaussian, is_gaussian},
    Rule{"species.electronegativity", no_gaussian, is_gaussian},
    Rule{"species.radius", no_gaussian, is_gaussian},
    Rule{"species.channels", no_coupling, is_coupled},
    Rule{"species.normalize", no_coupling, is_coupled},
    Rule{"species.normalize", "without soap.normalize = true",
         [](const View& view) { return view.may_be_true("soap.normalize"); }},
    Rule{"species.form", no_coupling, is_coupled},
    Rule{"regression.preconditioner-columns", no_iteration, may_iterate},
    Rule{"regression.max-iterations", no_iteration, may_iterate},
    Rule{"regression.tolerance", no_iteration, may_iterate},
    Rule{"predict.novelty-limit", "with predict.extrapolation = off",
         [](const View& view) { return view.may_differ_from("predict.extrapolation", "off"); }},
    Rule{"validation.method", "on 'optimize'", [](const View& view) { return !view.runs("optimize"); }},
    Rule{"search.samples", "with search.strategy = grid",
         [](const View& view) { return view.may_differ_from("search.strategy", "grid"); }},
    Rule{"search.halving-factor", "without search.strategy = halving", is_halving},
    Rule{"search.least-structures", "without search.strategy = halving", is_halving},
    Rule{"plan.ranks", no_plan, plans},
    Rule{"plan.ranks-per-node", no_plan, plans},
    Rule{"plan.memory-per-node", no_plan, plans},
    Rule{"checkpoint-kernel", "without --checkpoint", has_checkpoint},
    Rule{"checkpoint-kernel", "without regression.solver = cholesky",
         [](const View& view) { return view.may_use_solver("cholesky"); }},
    Rule{"checkpoint-interval", "without --checkpoint", has_checkpoint},
    Rule{"checkpoint-interval", no_iteration, may_iterate},
};

/// Returns whether it is met for one kernel of those that take the key, if there are several.
bool is_met(const Rule& rule, const Settings& settings, const options::Assignment& given, int kernel) {
  const auto numbers = settings.kernels();
  if (kernel != 0 || numbers.empty() || !option_named(rule.key).per_kernel)
    return rule.is_met(View(settings, kernel));
  const auto takes_it = [&](int number) { return settings.get(rule.key, number).key == given.key; };
  return std::none_of(numbers.begin(), numbers.end(), takes_it) ||
         std::any_of(numbers.begin(), numbers.end(),
                     [&](int number) { return takes_it(number) && rule.is_met(View(settings, number)); });
}

/// A file may serve plan and others: there it is no mistake.
bool is_of_a_shared_file(const options::Assignment& given) {
  return given.key.starts_with("plan.") && given.source != options::command_line_source;
}

} // namespace

std::vector<IdleKey> idle_keys(const Settings& settings) {
  std::vector<IdleKey> found;
  for (const auto& given : settings.effective()) {
    const auto match = match_key(given.key);
    if (!match)
      continue;
    const auto broken = std::find_if(rules.begin(), rules.end(), [&](const Rule& rule) {
      return rule.key == match->option->name && !is_met(rule, settings, given, match->kernel);
    });
    if (broken != rules.end())
      found.push_back({given, broken->lack});
  }
  return found;
}

std::vector<std::string> describe_idle_keys(const Settings& settings) {
  std::vector<std::string> found;
  for (const auto& [given, lack] : idle_keys(settings))
    if (given.source != "default" && !is_of_a_shared_file(given))
      found.push_back(given.key + " has no effect " + std::string(lack) + " (" + given.source + ")");
  return found;
}

} // namespace soapstone::cli
