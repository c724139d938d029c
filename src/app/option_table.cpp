// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/app/option_table.hpp"

#include <array>

namespace soapstone::app {

namespace {

using Kind = ValueKind;

constexpr Bounds above(double low) {
  return {.low = low, .open = true};
}
constexpr Bounds at_least(double low) {
  return {.low = low};
}
/// Bounds of what becomes an int.
constexpr Bounds count_from(double low) {
  return {.low = low, .high = 2147483647.0};
}

// clang-format off
constexpr std::array table{
    // data
    Option{.name = "data.structures", .kind = Kind::file, .unit = "FILE",
           .meaning = "structures: extended XYZ (plain, .gz, .xz) or raw QM9; repeat the key for several files, none of them twice",
           .used_by = commands::reading, .required_by = commands::reading, .repeatable = true},
    Option{.name = "data.format", .kind = Kind::word, .default_text = "auto", .unit = "FORMAT",
           .meaning = "auto, extxyz, or qm9 (raw dsgdb9nsd files, or a folder or tar of them)",
           .used_by = commands::reading, .words = "auto|extxyz|qm9"},
    Option{.name = "data.target", .kind = Kind::text, .default_text = "energy", .unit = "KEY",
           .meaning = "property to learn: key in the comment line; repeat for several targets. predict: those that the model learnt, unless "
                      "this names others (as many, in the model's order); some structures must then have them",
           .used_by = commands::fitting | commands::predict, .repeatable = true},
    Option{.name = "data.target-unit", .kind = Kind::word, .default_text = "eV", .unit = "UNIT",
           .meaning = "unit of the target in the file: eV, meV, hartree, kcal/mol or kJ/mol. A frame whose energy_unit says "
                      "otherwise is refused. predict: the model's unless given",
           .used_by = commands::fitting | commands::predict, .words = "eV|meV|hartree|kcal/mol|kJ/mol"},
    Option{.name = "data.target-scope", .kind = Kind::word, .default_text = "total", .unit = "SCOPE",
           .meaning = "the file states the target per structure (total) or per atom (per-atom). predict: the model's unless given",
           .used_by = commands::fitting | commands::predict, .words = "total|per-atom"},
    Option{.name = "data.baseline", .kind = Kind::word, .default_text = "composition", .unit = "KIND",
           .meaning = "subtracted before the fit: composition (least squares), atoms (data.atom-energy), mean or none",
           .used_by = commands::fitting, .words = "composition|atoms|mean|none"},
    Option{.name = "data.atom-energy", .kind = Kind::atom_energies, .unit = "LIST",
           .meaning = "energies of the free atoms in data.target-unit, e.g. H:-0.5,C:-37.8; for data.baseline = atoms",
           .used_by = commands::fitting},
    Option{.name = "data.train", .kind = Kind::integer, .default_text = "all", .unit = "COUNT",
           .meaning = "number of training structures, drawn at random, or all that data.test leaves",
           .used_by = commands::fitting, .bounds = at_least(1), .words = "all"},
    Option{.name = "data.test", .kind = Kind::integer, .default_text = "0", .unit = "COUNT",
           .meaning = "number of test structures, drawn at random from those not used for training",
           .used_by = commands::fitting, .bounds = at_least(0)},
    Option{.name = "data.seed", .kind = Kind::integer, .default_text = "1", .unit = "SEED",
           .meaning = "seed of every random choice; splits do not depend on the number of ranks",
           .used_by = commands::fitting, .bounds = at_least(0)},
    // soap
    Option{.name = "soap.cutoff", .kind = Kind::number, .default_text = "5.0", .unit = "Å",
           .meaning = "cutoff radius r_c of an environment",
           .used_by = commands::describing, .bounds = above(0), .per_kernel = true, .scannable = true},
    Option{.name = "soap.cutoff-width", .kind = Kind::number, .default_text = "0.5", .unit = "Å",
           .meaning = "width of the cosine that takes the density to zero at the cutoff",
           .used_by = commands::describing, .bounds = at_least(0), .per_kernel = true, .scannable = true},
    Option{.name = "soap.gaussian-width", .kind = Kind::number, .default_text = "0.3", .unit = "Å",
           .meaning = "width σ of the Gaussian on each atom",
           .used_by = commands::describing, .bounds = above(0), .per_kernel = true, .scannable = true},
    Option{.name = "soap.n-max", .kind = Kind::integer, .default_text = "12", .unit = "N",
           .meaning = "number of radial functions",
           .used_by = commands::describing, .bounds = count_from(1), .per_kernel = true, .scannable = true},
    Option{.name = "soap.l-max", .kind = Kind::integer, .default_text = "9", .unit = "L",
           .meaning = "largest angular momentum channel",
           .used_by = commands::describing, .bounds = count_from(0), .per_kernel = true, .scannable = true},
    Option{.name = "soap.central-weight", .kind = Kind::number, .default_text = "1", .unit = "U0",
           .meaning = "weight of the central atom's own Gaussian",
           .used_by = commands::describing, .bounds = at_least(0), .per_kernel = true, .scannable = true},
    Option{.name = "soap.body-order", .kind = Kind::word, .default_text = "3", .unit = "ORDER",
           .meaning = "3: power spectrum; 2: radial spectrum",
           .used_by = commands::describing, .words = "2|3", .per_kernel = true, .scannable = true},
    Option{.name = "soap.normalize", .kind = Kind::boolean, .default_text = "true", .unit = "YES/NO",
           .meaning = "scale environment vectors to unit length",
           .used_by = commands::describing, .per_kernel = true, .scannable = true},
    Option{.name = "soap.contraction", .kind = Kind::contraction, .default_text = "none", .unit = "SIZE",
           .meaning = "features kept after contraction (an integer), or the residual variance allowed (below 1); optimize fits it at the "
                      "start and holds it fixed",
           .used_by = commands::describing, .words = "none", .per_kernel = true, .scannable = true},
    Option{.name = "soap.precision", .kind = Kind::word, .default_text = "float64", .unit = "TYPE",
           .meaning = "in what features are kept: float32 halves their memory; products stay float64 (optimize: float64 only)",
           .used_by = commands::describing, .words = "float64|float32", .per_kernel = true, .scannable = true},
    Option{.name = "soap.contraction-method", .kind = Kind::word, .default_text = "density", .unit = "METHOD",
           .meaning = "what is contracted: density, the radial functions and species per l (more accurate and cheaper for the same "
                      "number of features); pca, the features themselves",
           .used_by = commands::describing, .words = "pca|density", .per_kernel = true, .scannable = true},
    Option{.name = "soap.contraction-sample", .kind = Kind::integer, .default_text = "2000", .unit = "COUNT",
           .meaning = "training structures, drawn at random, that the contraction is fitted on",
           .used_by = commands::describing, .bounds = count_from(1), .per_kernel = true, .scannable = true},
    // radial-scaling
    Option{.name = "radial-scaling.scale", .kind = Kind::number, .default_text = "2", .unit = "Å",
           .meaning = "distance r0 at which neighbours lose half their weight (rate 1)",
           .used_by = commands::describing, .bounds = above(0), .per_kernel = true, .scannable = true},
    Option{.name = "radial-scaling.exponent", .kind = Kind::number, .default_text = "7", .unit = "M",
           .meaning = "exponent m of c / (c + (r/r0)^m); 0 switches radial scaling off",
           .used_by = commands::describing, .bounds = at_least(0), .per_kernel = true, .scannable = true},
    Option{.name = "radial-scaling.rate", .kind = Kind::number, .default_text = "1", .unit = "C",
           .meaning = "constant c of c / (c + (r/r0)^m); 0: (r/r0)^-m",
           .used_by = commands::describing, .bounds = at_least(0), .per_kernel = true, .scannable = true},
    // species
    Option{.name = "species.coupling", .kind = Kind::file, .default_text = "none", .unit = "COUPLING",
           .meaning = "none, gaussian (in electronegativity and radius), or a file with u: a line of element symbols, then one "
                      "row of numbers per channel",
           .used_by = commands::describing, .words = "none|gaussian", .per_kernel = true, .scannable = true},
    Option{.name = "species.sigma-electronegativity", .kind = Kind::number, .default_text = "0.5", .unit = "WIDTH",
           .meaning = "width of the gaussian coupling in Pauling electronegativity",
           .used_by = commands::describing, .bounds = above(0), .per_kernel = true, .scannable = true},
    Option{.name = "species.sigma-radius", .kind = Kind::number, .default_text = "0.5", .unit = "Å",
           .meaning = "width of the gaussian coupling in van der Waals radius",
           .used_by = commands::describing, .bounds = above(0), .per_kernel = true, .scannable = true},
    Option{.name = "species.electronegativity", .kind = Kind::element_values, .unit = "LIST",
           .meaning = "electronegativities for the gaussian coupling in place of Pauling's, e.g. for noble gases: He:3.0,Ne:3.3",
           .used_by = commands::describing, .per_kernel = true},
    Option{.name = "species.radius", .kind = Kind::element_values, .unit = "LIST",
           .meaning = "van der Waals radii (Å) for the gaussian coupling in place of the table's",
           .used_by = commands::describing, .per_kernel = true},
    Option{.name = "species.elements", .kind = Kind::elements, .default_text = "auto", .unit = "LIST",
           .meaning = "elements that get a channel, e.g. H,C,N,O; auto: those in the training data",
           .used_by = commands::describing, .words = "auto", .per_kernel = true},
    Option{.name = "species.channels", .kind = Kind::integer, .default_text = "all", .unit = "COUNT",
           .meaning = "leading components of the coupling that are kept, or all",
           .used_by = commands::describing, .bounds = count_from(1), .words = "all", .per_kernel = true, .scannable = true},
    Option{.name = "species.normalize", .kind = Kind::word, .default_text = "after", .unit = "WHEN",
           .meaning = "normalise environment vectors after or before the species contraction",
           .used_by = commands::describing, .words = "after|before", .per_kernel = true, .scannable = true},
    Option{.name = "species.form", .kind = Kind::word, .default_text = "auto", .unit = "FORM",
           .meaning = "where elements are coupled, with equal results: channels, in the features; sparse, in their products, from "
                      "features of the elements that a structure has (dense kernel matrix only); auto: what takes less time",
           .used_by = commands::describing, .words = "auto|channels|sparse", .per_kernel = true},
    // kernel
    Option{.name = "kernel.zeta", .kind = Kind::integer, .default_text = "2", .unit = "ZETA",
           .meaning = "power to which products of environment vectors are raised: 1 and 2 have the fastest solvers, and a large one leaves "
                      "little but each environment's product with itself",
           .used_by = commands::describing & ~commands::features, .bounds = count_from(1), .per_kernel = true, .scannable = true},
    Option{.name = "kernel.N.weight", .kind = Kind::number, .default_text = "1", .unit = "WEIGHT",
           .meaning = "weight of kernel N = 1, 2, ... of a multiple-kernel model. kernel.N.KEY, with any soap, radial-scaling or "
                      "species key or zeta as KEY, sets what kernel N does differently",
           .used_by = commands::describing, .bounds = at_least(0), .scannable = true},
    // regression
    Option{.name = "regression.regularization", .kind = Kind::number, .default_text = "1e-8", .unit = "LAMBDA",
           .meaning = "regularisation relative to the mean diagonal of the kernel matrix",
           .used_by = commands::fitting, .bounds = at_least(0), .scannable = true,
           .also_scanned_by = commands::evaluate | commands::plan},
    Option{.name = "regression.solver", .kind = Kind::word, .default_text = "auto", .unit = "SOLVER",
           .meaning = "cholesky (dense kernel), primal (normal equations in the features), cg (iterative, without a kernel "
                      "matrix), or auto: the least that gives the same answer",
           .used_by = commands::train | commands::learning_curve | commands::plan, .words = "auto|cholesky|primal|cg"},
    Option{.name = "regression.preconditioner-columns", .kind = Kind::integer, .default_text = "auto", .unit = "COUNT",
           .meaning = "products of features in the preconditioner of the iterative solver",
           .used_by = commands::train | commands::learning_curve | commands::plan, .bounds = count_from(1), .words = "auto"},
    Option{.name = "regression.max-iterations", .kind = Kind::integer, .default_text = "200", .unit = "COUNT",
           .meaning = "most iterations of the iterative solver",
           .used_by = commands::train | commands::learning_curve | commands::plan, .bounds = count_from(1)},
    Option{.name = "regression.tolerance", .kind = Kind::number, .default_text = "1e-6", .unit = "eV/atom",
           .meaning = "the iterative solver stops when its predictions move by less than this, root mean square, and its "
                      "relative residual is below 0.01",
           .used_by = commands::train | commands::learning_curve | commands::plan, .bounds = above(0)},
    Option{.name = "regression.compact", .kind = Kind::word, .default_text = "auto", .unit = "auto/yes/no",
           .meaning = "store a form of the model that predicts without the training set (zeta 1 or 2); auto: if below 64 MiB",
           .used_by = commands::train | commands::learning_curve | commands::plan, .words = "auto|yes|no"},
    Option{.name = "regression.uncertainty", .kind = Kind::word, .default_text = "none", .unit = "none/committee",
           .meaning = "committee: train 14 models of halves of the training set as well, whose spread gives every prediction an error bar "
                      "(Cholesky solver; about seven times its time)",
           .used_by = commands::train | commands::plan, .words = "none|committee"},
    // predict
    Option{.name = "predict.uncertainty", .kind = Kind::word, .default_text = "auto", .unit = "auto/yes/no",
           .meaning = "error bars: columns `uncertainty` (68 % of errors are smaller) and `interval_95`; auto: if the model has a committee (regression.uncertainty)",
           .used_by = commands::predict, .words = "auto|yes|no"},
    Option{.name = "predict.extrapolation", .kind = Kind::word, .default_text = "warn", .unit = "CHOICE",
           .meaning = "structures unlike those that the model learnt from: warn of them, error: refuse them, column: warn and add a column "
                      "`novelty` to the CSV, off: do not look",
           .used_by = commands::predict, .words = "warn|error|column|off"},
    Option{.name = "predict.novelty-limit", .kind = Kind::number, .default_text = "1", .unit = "NUMBER",
           .meaning = "novelty beyond which a structure is an extrapolation; 1 % of structures like those learnt from have more than 1",
           .used_by = commands::predict, .bounds = above(0)},
    Option{.name = "predict.per-atom", .kind = Kind::flag, .default_text = "false",
           .meaning = "extended XYZ with what every atom contributes to the prediction, as an array atomic_NAME (eV)",
           .used_by = commands::predict},
    // validation
    Option{.name = "validation.folds", .kind = Kind::integer, .default_text = "10", .unit = "K",
           .meaning = "number of folds of a cross-validation, or loo: as many as structures (leave one out)",
           .used_by = commands::validating, .bounds = count_from(2), .words = "loo"},
    Option{.name = "validation.method", .kind = Kind::word, .default_text = "auto", .unit = "METHOD",
           .meaning = "how folds are held out: inverse (a factorisation for each regularisation), eigen (eigenvectors of the "
                      "kernel, for many), or auto: what takes less time",
           .used_by = commands::validating, .words = "auto|inverse|eigen"},
    Option{.name = "validation.optimize-weights", .kind = Kind::boolean, .default_text = "false", .unit = "YES/NO",
           .meaning = "optimise the weights of kernel.1, kernel.2, ... by the gradient of the cross-validation loss, from those given",
           .used_by = commands::evaluate | commands::plan},
    Option{.name = "validation.optimize-regularization", .kind = Kind::boolean, .default_text = "false", .unit = "YES/NO",
           .meaning = "and the regularisation with them",
           .used_by = commands::evaluate | commands::plan},
    // learning-curve
    Option{.name = "learning-curve.sizes", .kind = Kind::sizes, .default_text = "auto", .unit = "SIZES",
           .meaning = "training-set sizes: a,b,c or lo:hi:logN; auto: six, each half the next, up to data.train",
           .used_by = commands::learning_curve | commands::plan, .words = "auto"},
    Option{.name = "learning-curve.repeats", .kind = Kind::integer, .default_text = "3", .unit = "COUNT",
           .meaning = "random splits over which errors are averaged",
           .used_by = commands::learning_curve | commands::plan, .bounds = count_from(1)},
    // search
    Option{.name = "search.strategy", .kind = Kind::word, .default_text = "grid", .unit = "STRATEGY",
           .meaning = "grid: every combination of the ranges; random: search.samples of them; halving: all (or that many) on few "
                      "structures, the best of them on more, and so on",
           .used_by = commands::search, .words = "grid|random|halving"},
    Option{.name = "search.samples", .kind = Kind::integer, .default_text = "all", .unit = "COUNT",
           .meaning = "points drawn from the grid (random, halving)",
           .used_by = commands::search, .bounds = at_least(1), .words = "all"},
    Option{.name = "search.halving-factor", .kind = Kind::number, .default_text = "3", .unit = "FACTOR",
           .meaning = "successive halving keeps the best 1/FACTOR of the points for FACTOR times the structures",
           .used_by = commands::search, .bounds = above(1)},
    Option{.name = "search.least-structures", .kind = Kind::integer, .default_text = "100", .unit = "COUNT",
           .meaning = "successive halving starts with at least so many structures",
           .used_by = commands::search, .bounds = at_least(2)},
    Option{.name = "search.score", .kind = Kind::word, .default_text = "mae", .unit = "SCORE",
           .meaning = "error per atom of the first target that is to be small: mae or rmse",
           .used_by = commands::search, .words = "mae|rmse"},
    Option{.name = "search.groups", .kind = Kind::integer, .default_text = "auto", .unit = "COUNT",
           .meaning = "groups of ranks that work on a point each; auto: as many as memory, ranks and points allow",
           .used_by = commands::search, .bounds = count_from(1), .words = "auto"},
    // optimize
    Option{.name = "optimize.parameters", .kind = Kind::text, .default_text = "u", .unit = "LIST",
           .meaning = "what is optimised: any of u (the species coupling), scale, exponent, rate (radial scaling), central-weight, "
                      "sigma (gaussian width), weights (of several kernels), regularization, e.g. u,scale,exponent",
           .used_by = commands::optimize | commands::plan},
    Option{.name = "optimize.regularizer", .kind = Kind::number, .default_text = "1e-6", .unit = "EV2",
           .meaning = "half of it times the sum of squares of u is added to half the sum of squared errors (eV/atom)",
           .used_by = commands::optimize | commands::plan, .bounds = at_least(0)},
    Option{.name = "optimize.huber-width", .kind = Kind::number, .default_text = "none", .unit = "EV",
           .meaning = "errors (eV/atom) beyond this count in proportion to their size, not to its square (pseudo-Huber loss), so "
                      "that outliers do not decide; none: squares",
           .used_by = commands::optimize | commands::plan, .bounds = above(0), .words = "none"},
    Option{.name = "optimize.iterations", .kind = Kind::integer, .default_text = "100", .unit = "COUNT",
           .meaning = "most iterations of L-BFGS",
           .used_by = commands::optimize | commands::plan, .bounds = count_from(1)},
    Option{.name = "optimize.restart", .kind = Kind::integer, .default_text = "0", .unit = "COUNT",
           .meaning = "iterations after which L-BFGS forgets and starts afresh; 0: never",
           .used_by = commands::optimize | commands::plan, .bounds = count_from(0)},
    Option{.name = "optimize.tolerance", .kind = Kind::number, .default_text = "1e-5", .unit = "NUMBER",
           .meaning = "the optimisation ends where the gradient of the logarithm of the objective is below this",
           .used_by = commands::optimize | commands::plan, .bounds = above(0)},
    // plan
    Option{.name = "plan.command", .kind = Kind::word, .default_text = "train", .unit = "COMMAND",
           .meaning = "what is planned: train, learning-curve, evaluate, optimize, kernel or features (predict and search: with their "
                      "own --dry-run)",
           .used_by = commands::plan, .words = "train|learning-curve|evaluate|optimize|kernel|features"},
    Option{.name = "plan.ranks", .kind = Kind::integer, .default_text = "auto", .unit = "COUNT",
           .meaning = "ranks to plan for, also with --dry-run; auto: those of this run",
           .used_by = commands::reading, .bounds = {.low = 1, .high = 1000000}, .words = "auto"},
    Option{.name = "plan.ranks-per-node", .kind = Kind::integer, .default_text = "auto", .unit = "COUNT",
           .meaning = "of these on one node; auto: as many as this node has cores",
           .used_by = commands::reading, .bounds = {.low = 1, .high = 1000000}, .words = "auto"},
    Option{.name = "plan.memory-per-node", .kind = Kind::number, .default_text = "0", .unit = "GiB",
           .meaning = "memory of a node to plan for; 0: what this node has free",
           .used_by = commands::reading, .bounds = at_least(0)},
    // parallel
    Option{.name = "parallel.block-size", .kind = Kind::integer, .default_text = "auto", .unit = "SIZE",
           .meaning = "block of the block-cyclic kernel matrix",
           .used_by = commands::reading, .bounds = count_from(1), .words = "auto"},
    Option{.name = "parallel.grid", .kind = Kind::grid, .default_text = "auto", .unit = "PxQ",
           .meaning = "process grid, rows x columns, e.g. 2x4",
           .used_by = commands::reading, .words = "auto"},
    Option{.name = "parallel.blas-threads", .kind = Kind::integer, .default_text = "1", .unit = "COUNT",
           .meaning = "BLAS threads of each rank",
           .used_by = commands::reading, .bounds = count_from(1)},
    Option{.name = "parallel.memory", .kind = Kind::number, .default_text = "0", .unit = "GiB",
           .meaning = "memory that each rank may use; 0: its share of what the node has",
           .used_by = commands::reading, .bounds = at_least(0)},
    Option{.name = "parallel.watchdog", .kind = Kind::number, .default_text = "21600", .unit = "SECONDS",
           .meaning = "with several ranks: ends the run, with the names of those that hang, when ranks have waited this long "
                      "for others; more than any stage that some ranks have for themselves; 0: never",
           .used_by = commands::reading, .bounds = at_least(0)},
    // the program's own
    Option{.name = "config", .kind = Kind::file, .unit = "FILE",
           .meaning = "configuration file; the command line wins over it", .used_by = commands::all},
    Option{.name = "output", .kind = Kind::file, .unit = "FILE",
           .meaning = "file to write: the model (default: model.h5), predictions (.csv or .xyz), the "
                      "learning curve or held-out predictions (.csv), the table of a search (default: search.csv), the optimised coupling (coupling.txt), the kernel "
                      "(kernel.h5) or features (features.h5)",
           .used_by = commands::reading & ~commands::plan},
    Option{.name = "report", .kind = Kind::file, .unit = "FILE",
           .meaning = "JSON report: errors, timings, memory, configuration", .used_by = commands::all},
    Option{.name = "log-file", .kind = Kind::file, .unit = "FILE",
           .meaning = "what is shown on the terminal, to a file as well; appended to what is there", .used_by = commands::all},
    Option{.name = "quiet", .kind = Kind::flag, .default_text = "false",
           .meaning = "show results, warnings and errors only", .used_by = commands::all},
    Option{.name = "checkpoint", .kind = Kind::file, .unit = "FILE",
           .meaning = "search and optimize: finished points or evaluations (default: the output's name with .checkpoint.h5); train: the kernel matrix or the "
                      "vectors of the iterative solver (default: none). The same command started again goes on from it",
           .used_by = commands::search | commands::optimize | commands::train},
    Option{.name = "checkpoint-kernel", .kind = Kind::word, .default_text = "auto", .unit = "auto/yes/no",
           .meaning = "whether the checkpoint of train takes the kernel matrix in; auto: where computing it took longer than the "
                      "file takes",
           .used_by = commands::train, .words = "auto|yes|no"},
    Option{.name = "checkpoint-interval", .kind = Kind::number, .default_text = "120", .unit = "SECONDS",
           .meaning = "how often the iterative solver writes its checkpoint",
           .used_by = commands::train, .bounds = at_least(0)},
    Option{.name = "model", .kind = Kind::file, .unit = "FILE",
           .meaning = "model written by train", .used_by = commands::predict, .required_by = commands::predict},
    Option{.name = "skip-unknown", .kind = Kind::flag, .default_text = "false",
           .meaning = "leave out structures with elements that the model does not know",
           .used_by = commands::predict},
    Option{.name = "against", .kind = Kind::file, .unit = "FILE",
           .meaning = "structures of the kernel's columns (default: those of data.structures); repeatable",
           .used_by = commands::kernel, .repeatable = true},
    Option{.name = "file", .kind = Kind::file, .unit = "FILE", .meaning = "file to look at",
           .used_by = commands::inspect, .required_by = commands::inspect},
    Option{.name = "dry-run", .kind = Kind::flag, .default_text = "false",
           .meaning = "check the input, show memory and time, and stop", .used_by = commands::all},
};
// clang-format on

} // namespace

std::span<const Option> option_table() {
  return table;
}

} // namespace soapstone::app
