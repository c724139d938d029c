// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/app/option_table.hpp"

#include "soapstone/soap/radial_basis.hpp"

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
           .meaning = "structures: extended XYZ (plain, .gz, .xz) or raw QM9; repeat the key for several files, each of which is given once",
           .used_by = commands::all, .required_by = commands::reading, .repeatable = true},
    Option{.name = "data.format", .kind = Kind::word, .default_text = "auto", .unit = "FORMAT",
           .meaning = "auto, extxyz, or qm9 (raw dsgdb9nsd files, or a folder or tar of them)",
           .used_by = commands::all, .words = "auto|extxyz|qm9"},
    Option{.name = "data.target", .kind = Kind::text, .default_text = "energy", .unit = "KEY",
           .meaning = "property to learn: key in the comment line; repeat the key for several targets. predict: keys of the "
                      "references, one for each target of the model in the same order (default: the targets of the model)",
           .used_by = commands::fitting | commands::predict | commands::inspect, .repeatable = true},
    Option{.name = "data.target-unit", .kind = Kind::word, .default_text = "eV", .unit = "UNIT",
           .meaning = "unit of the target in the file: eV, meV, hartree, kcal/mol or kJ/mol. The program warns if a "
                      "frame states another unit. predict: default is that of the model",
           .used_by = commands::fitting | commands::predict | commands::inspect, .words = "eV|meV|hartree|kcal/mol|kJ/mol"},
    Option{.name = "data.target-scope", .kind = Kind::word, .default_text = "total", .unit = "SCOPE",
           .meaning = "whether the file gives the target per structure (total) or per atom (per-atom). predict: default is that of the model",
           .used_by = commands::fitting | commands::predict | commands::inspect, .words = "total|per-atom"},
    Option{.name = "data.baseline", .kind = Kind::word, .default_text = "composition", .unit = "KIND",
           .meaning = "baseline that is subtracted before the fit: composition (least squares), atoms (data.atom-energy), mean or none",
           .used_by = commands::fitting, .words = "composition|atoms|mean|none"},
    Option{.name = "data.atom-energy", .kind = Kind::atom_energies, .unit = "LIST",
           .meaning = "energies of the free atoms in data.target-unit, e.g. H:-0.5,C:-37.8; for data.baseline = atoms",
           .used_by = commands::fitting},
    Option{.name = "data.train", .kind = Kind::integer, .default_text = "all", .unit = "COUNT",
           .meaning = "number of training structures, drawn at random; all: all that are not in the test set",
           .used_by = commands::fitting, .bounds = at_least(1), .words = "all"},
    Option{.name = "data.test", .kind = Kind::integer, .default_text = "0", .unit = "COUNT",
           .meaning = "number of test structures, drawn at random; they are not used for training",
           .used_by = commands::fitting, .bounds = at_least(0)},
    Option{.name = "data.seed", .kind = Kind::integer, .default_text = "1", .unit = "SEED",
           .meaning = "seed of all random choices; splits do not depend on the number of ranks",
           .used_by = commands::fitting, .bounds = at_least(0)},
    // soap
    Option{.name = "soap.cutoff", .kind = Kind::number, .default_text = "5.0", .unit = "Å",
           .meaning = "cutoff radius r_c of an environment",
           .used_by = commands::describing, .bounds = above(0), .per_kernel = true, .scannable = true},
    Option{.name = "soap.cutoff-width", .kind = Kind::number, .default_text = "0.5", .unit = "Å",
           .meaning = "width of the cosine function that reduces the density to zero at the cutoff",
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
    Option{.name = "soap.radial-basis", .kind = Kind::word, .default_text = "gto", .unit = "BASIS",
           .meaning = "radial functions of the density: gto (Gaussian-type functions) or polynomial (powers of r_c - r, which end at the cutoff)",
           .used_by = commands::describing, .words = soap::radial_basis_names, .per_kernel = true, .scannable = true},
    Option{.name = "soap.central-weight", .kind = Kind::number, .default_text = "1", .unit = "U0",
           .meaning = "weight of the Gaussian of the central atom",
           .used_by = commands::describing, .bounds = at_least(0), .per_kernel = true, .scannable = true},
    Option{.name = "soap.body-order", .kind = Kind::word, .default_text = "3", .unit = "ORDER",
           .meaning = "3: power spectrum; 2: radial spectrum",
           .used_by = commands::describing, .words = "2|3", .per_kernel = true, .scannable = true},
    Option{.name = "soap.normalize", .kind = Kind::boolean, .default_text = "true", .unit = "YES/NO",
           .meaning = "whether environment vectors are scaled to unit length",
           .used_by = commands::describing, .per_kernel = true, .scannable = true},
    Option{.name = "soap.contraction", .kind = Kind::contraction, .default_text = "none", .unit = "SIZE",
           .meaning = "number of features kept after contraction (an integer), or residual variance allowed (below 1); optimize fits "
                      "the contraction at the start and holds it fixed",
           .used_by = commands::describing, .words = "none", .per_kernel = true, .scannable = true},
    Option{.name = "soap.precision", .kind = Kind::word, .default_text = "float64", .unit = "TYPE",
           .meaning = "type in which features are stored: float32 halves their memory; products remain float64 (optimize: only float64)",
           .used_by = commands::describing, .words = "float64|float32", .per_kernel = true, .scannable = true},
    Option{.name = "soap.contraction-method", .kind = Kind::word, .default_text = "density", .unit = "METHOD",
           .meaning = "density: contract the radial functions and species of the density for each l (cheaper and more accurate for the "
                      "same number of features); pca: project the features on their principal components",
           .used_by = commands::describing, .words = "pca|density", .per_kernel = true, .scannable = true},
    Option{.name = "soap.contraction-sample", .kind = Kind::integer, .default_text = "2000", .unit = "COUNT",
           .meaning = "number of training structures, drawn at random, to which the contraction is fitted",
           .used_by = commands::describing, .bounds = count_from(1), .per_kernel = true, .scannable = true},
    // radial-scaling
    Option{.name = "radial-scaling.scale", .kind = Kind::number, .default_text = "2", .unit = "Å",
           .meaning = "distance r0 at which neighbours have half of their weight (for rate 1)",
           .used_by = commands::describing, .bounds = above(0), .per_kernel = true, .scannable = true},
    Option{.name = "radial-scaling.exponent", .kind = Kind::number, .default_text = "7", .unit = "M",
           .meaning = "exponent m of c / (c + (r/r0)^m); 0 switches radial scaling off",
           .used_by = commands::describing, .bounds = at_least(0), .per_kernel = true, .scannable = true},
    Option{.name = "radial-scaling.rate", .kind = Kind::number, .default_text = "1", .unit = "C",
           .meaning = "constant c of c / (c + (r/r0)^m); with 0, the scaling is (r/r0)^-m",
           .used_by = commands::describing, .bounds = at_least(0), .per_kernel = true, .scannable = true},
    // species
    Option{.name = "species.coupling", .kind = Kind::file, .default_text = "none", .unit = "COUPLING",
           .meaning = "coupling of elements: none, gaussian (in electronegativity and radius), or a file with u (a line of element "
                      "symbols, then one row of numbers for each channel)",
           .used_by = commands::describing, .words = "none|gaussian", .per_kernel = true, .scannable = true},
    Option{.name = "species.sigma-electronegativity", .kind = Kind::number, .default_text = "0.5", .unit = "WIDTH",
           .meaning = "width of the Gaussian coupling in Pauling electronegativity",
           .used_by = commands::describing, .bounds = above(0), .per_kernel = true, .scannable = true},
    Option{.name = "species.sigma-radius", .kind = Kind::number, .default_text = "0.5", .unit = "Å",
           .meaning = "width of the Gaussian coupling in van der Waals radius",
           .used_by = commands::describing, .bounds = above(0), .per_kernel = true, .scannable = true},
    Option{.name = "species.electronegativity", .kind = Kind::element_values, .unit = "LIST",
           .meaning = "electronegativities that replace those of the Pauling scale in the Gaussian coupling, e.g. for noble gases: He:3.0,Ne:3.3",
           .used_by = commands::describing, .per_kernel = true},
    Option{.name = "species.radius", .kind = Kind::element_values, .unit = "LIST",
           .meaning = "van der Waals radii (Å) that replace those of the table in the Gaussian coupling",
           .used_by = commands::describing, .per_kernel = true},
    Option{.name = "species.elements", .kind = Kind::elements, .default_text = "auto", .unit = "LIST",
           .meaning = "elements that get a channel, e.g. H,C,N,O; auto: those of the training set",
           .used_by = commands::describing, .words = "auto", .per_kernel = true},
    Option{.name = "species.channels", .kind = Kind::integer, .default_text = "all", .unit = "COUNT",
           .meaning = "number of leading components of the coupling that are kept, or all",
           .used_by = commands::describing, .bounds = count_from(1), .words = "all", .per_kernel = true, .scannable = true},
    Option{.name = "species.normalize", .kind = Kind::word, .default_text = "after", .unit = "WHEN",
           .meaning = "whether environment vectors are normalised after or before the coupling of elements",
           .used_by = commands::describing, .words = "after|before", .per_kernel = true, .scannable = true},
    Option{.name = "species.form", .kind = Kind::word, .default_text = "auto", .unit = "FORM",
           .meaning = "how elements are coupled, with equal results: channels (in the features), sparse (in the products of features; "
                      "only with a dense kernel matrix), or auto (the faster of the two)",
           .used_by = commands::describing, .words = "auto|channels|sparse", .per_kernel = true},
    // kernel
    Option{.name = "kernel.zeta", .kind = Kind::integer, .default_text = "2", .unit = "ZETA",
           .meaning = "power to which products of environment vectors are raised; 1 and 2 allow the fastest solvers, and with a large "
                      "power only almost identical environments contribute",
           .used_by = commands::describing & ~commands::features, .bounds = count_from(1), .per_kernel = true, .scannable = true},
    Option{.name = "kernel.N.weight", .kind = Kind::number, .default_text = "1", .unit = "WEIGHT",
           .meaning = "weight of kernel N = 1, 2, ... of a multiple-kernel model. kernel.N.KEY sets KEY for kernel N alone; KEY is "
                      "zeta or any key of soap, radial-scaling or species",
           .used_by = commands::describing, .bounds = at_least(0), .scannable = true},
    // regression
    Option{.name = "regression.regularization", .kind = Kind::number, .default_text = "1e-8", .unit = "LAMBDA",
           .meaning = "regularisation λ, relative to the mean diagonal of the kernel matrix",
           .used_by = commands::fitting, .bounds = at_least(0), .scannable = true,
           .also_scanned_by = commands::evaluate | commands::plan},
    Option{.name = "regression.solver", .kind = Kind::word, .default_text = "auto", .unit = "SOLVER",
           .meaning = "cholesky (dense kernel), primal (normal equations in the features), cg (iterative, without a kernel matrix), or "
                      "auto (the cheapest one; all give the same model)",
           .used_by = commands::train | commands::learning_curve | commands::plan, .words = "auto|cholesky|primal|cg"},
    Option{.name = "regression.preconditioner-columns", .kind = Kind::integer, .default_text = "auto", .unit = "COUNT",
           .meaning = "number of products of features in the preconditioner of the iterative solver",
           .used_by = commands::train | commands::learning_curve | commands::plan, .bounds = count_from(1), .words = "auto"},
    Option{.name = "regression.max-iterations", .kind = Kind::integer, .default_text = "500", .unit = "COUNT",
           .meaning = "largest number of iterations of the iterative solver",
           .used_by = commands::train | commands::learning_curve | commands::plan, .bounds = count_from(1)},
    Option{.name = "regression.tolerance", .kind = Kind::number, .default_text = "auto", .unit = "eV/atom",
           .meaning = "the iterative solver stops when its predictions move by less than this, root mean square, and its "
                      "relative residual is below 0.01; results on different numbers of ranks agree to about a thousand times "
                      "this value; auto: 1e-12 up to 20 000 training structures, else 1e-6",
           .used_by = commands::train | commands::learning_curve | commands::plan, .bounds = above(0), .words = "auto"},
    Option{.name = "regression.compact", .kind = Kind::word, .default_text = "auto", .unit = "auto/yes/no",
           .meaning = "whether to store the compact form, which predicts without the training set (zeta 1 or 2); auto: if it is smaller than 64 MiB",
           .used_by = commands::train | commands::learning_curve | commands::plan, .words = "auto|yes|no"},
    Option{.name = "regression.uncertainty", .kind = Kind::word, .default_text = "none", .unit = "none/committee",
           .meaning = "committee: also train 14 models on halves of the training set; their spread gives an error bar for every "
                      "prediction (only with the Cholesky solver, about seven times its time)",
           .used_by = commands::train | commands::plan, .words = "none|committee"},
    // predict
    Option{.name = "predict.uncertainty", .kind = Kind::word, .default_text = "auto", .unit = "auto/yes/no",
           .meaning = "whether to add error bars, the columns `uncertainty` (68 % of errors are smaller) and `interval_95`; auto: if "
                      "the model has a committee (regression.uncertainty)",
           .used_by = commands::predict, .words = "auto|yes|no"},
    Option{.name = "predict.extrapolation", .kind = Kind::word, .default_text = "warn", .unit = "CHOICE",
           .meaning = "what to do with structures unlike those of the training set: warn; error (refuse them); column (warn, and add a "
                      "column `novelty` to the CSV file); off (no check)",
           .used_by = commands::predict, .words = "warn|error|column|off"},
    Option{.name = "predict.novelty-limit", .kind = Kind::number, .default_text = "1", .unit = "NUMBER",
           .meaning = "novelty above which a structure is an extrapolation; 1 % of structures like those of the training set exceed 1",
           .used_by = commands::predict, .bounds = above(0)},
    Option{.name = "predict.per-atom", .kind = Kind::flag, .default_text = "false",
           .meaning = "add the contribution of every atom to the prediction, as the array atomic_NAME (eV) of extended XYZ",
           .used_by = commands::predict},
    // validation
    Option{.name = "validation.folds", .kind = Kind::integer, .default_text = "10", .unit = "K",
           .meaning = "number of folds of a cross-validation, or loo (leave one out)",
           .used_by = commands::validating, .bounds = count_from(2), .words = "loo"},
    Option{.name = "validation.method", .kind = Kind::word, .default_text = "auto", .unit = "METHOD",
           .meaning = "how held-out predictions are computed: inverse (one inversion for each regularisation), eigen (one "
                      "eigendecomposition for all), or auto (the faster of the two)",
           .used_by = commands::validating, .words = "auto|inverse|eigen"},
    Option{.name = "validation.optimize-weights", .kind = Kind::boolean, .default_text = "false", .unit = "YES/NO",
           .meaning = "whether to optimise the weights of kernel.1, kernel.2, ... with the gradient of the cross-validation loss, "
                      "starting from the given weights",
           .used_by = commands::evaluate | commands::plan},
    Option{.name = "validation.optimize-regularization", .kind = Kind::boolean, .default_text = "false", .unit = "YES/NO",
           .meaning = "whether to optimise the regularisation together with the weights",
           .used_by = commands::evaluate | commands::plan},
    // learning-curve
    Option{.name = "learning-curve.sizes", .kind = Kind::sizes, .default_text = "auto", .unit = "SIZES",
           .meaning = "sizes of the training set: a,b,c or lo:hi:logN; auto: six sizes up to data.train, each half of the next",
           .used_by = commands::learning_curve | commands::plan, .words = "auto"},
    Option{.name = "learning-curve.repeats", .kind = Kind::integer, .default_text = "3", .unit = "COUNT",
           .meaning = "number of random splits over which errors are averaged",
           .used_by = commands::learning_curve | commands::plan, .bounds = count_from(1)},
    // search
    Option{.name = "search.strategy", .kind = Kind::word, .default_text = "grid", .unit = "STRATEGY",
           .meaning = "grid: all combinations of the ranges; random: search.samples of them; halving: all (or search.samples) of them "
                      "on few structures, the best of these on more structures, and so on",
           .used_by = commands::search, .words = "grid|random|halving"},
    Option{.name = "search.samples", .kind = Kind::integer, .default_text = "all", .unit = "COUNT",
           .meaning = "number of points drawn from the grid (for random and halving)",
           .used_by = commands::search, .bounds = at_least(1), .words = "all"},
    Option{.name = "search.halving-factor", .kind = Kind::number, .default_text = "3", .unit = "FACTOR",
           .meaning = "successive halving keeps the best 1/FACTOR of the points and evaluates them on FACTOR times as many structures",
           .used_by = commands::search, .bounds = above(1)},
    Option{.name = "search.least-structures", .kind = Kind::integer, .default_text = "100", .unit = "COUNT",
           .meaning = "smallest number of structures with which successive halving starts",
           .used_by = commands::search, .bounds = at_least(2)},
    Option{.name = "search.score", .kind = Kind::word, .default_text = "mae", .unit = "SCORE",
           .meaning = "error per atom of the first target that is minimised: mae or rmse",
           .used_by = commands::search, .words = "mae|rmse"},
    Option{.name = "search.groups", .kind = Kind::integer, .default_text = "auto", .unit = "COUNT",
           .meaning = "number of groups of ranks, each of which evaluates one point at a time; auto: as many as memory, ranks and points allow",
           .used_by = commands::search, .bounds = count_from(1), .words = "auto"},
    // optimize
    Option{.name = "optimize.parameters", .kind = Kind::text, .default_text = "u", .unit = "LIST",
           .meaning = "parameters to optimise: any of u (the species coupling), scale, exponent, rate (radial scaling), "
                      "central-weight, sigma (Gaussian width), weights (of several kernels), regularization, e.g. u,scale,exponent",
           .used_by = commands::optimize | commands::plan},
    Option{.name = "optimize.regularizer", .kind = Kind::number, .default_text = "1e-6", .unit = "EV2",
           .meaning = "the objective is half the sum of squared errors (eV/atom) plus half of this value times the sum of squares of u",
           .used_by = commands::optimize | commands::plan, .bounds = at_least(0)},
    Option{.name = "optimize.huber-width", .kind = Kind::number, .default_text = "none", .unit = "EV",
           .meaning = "errors (eV/atom) above this value count linearly instead of quadratically (pseudo-Huber loss), so that outliers "
                      "do not dominate; none: squared errors",
           .used_by = commands::optimize | commands::plan, .bounds = above(0), .words = "none"},
    Option{.name = "optimize.iterations", .kind = Kind::integer, .default_text = "100", .unit = "COUNT",
           .meaning = "maximum number of iterations of L-BFGS",
           .used_by = commands::optimize | commands::plan, .bounds = count_from(1)},
    Option{.name = "optimize.restart", .kind = Kind::integer, .default_text = "0", .unit = "COUNT",
           .meaning = "number of iterations after which L-BFGS is restarted without its history; 0: never",
           .used_by = commands::optimize | commands::plan, .bounds = count_from(0)},
    Option{.name = "optimize.tolerance", .kind = Kind::number, .default_text = "1e-5", .unit = "NUMBER",
           .meaning = "the optimisation ends when the gradient of the logarithm of the objective is below this value",
           .used_by = commands::optimize | commands::plan, .bounds = above(0)},
    // plan
    Option{.name = "plan.command", .kind = Kind::word, .default_text = "train", .unit = "COMMAND",
           .meaning = "command to plan for: train, learning-curve, evaluate, optimize, kernel or features (for predict and search, use "
                      "them with --dry-run)",
           .used_by = commands::plan, .words = "train|learning-curve|evaluate|optimize|kernel|features"},
    Option{.name = "plan.ranks", .kind = Kind::integer, .default_text = "auto", .unit = "COUNT",
           .meaning = "number of ranks to plan for, also with --dry-run; auto: those of this run",
           .used_by = commands::reading, .bounds = {.low = 1, .high = 1000000}, .words = "auto"},
    Option{.name = "plan.ranks-per-node", .kind = Kind::integer, .default_text = "auto", .unit = "COUNT",
           .meaning = "number of ranks on one node; auto: the number of cores of this node",
           .used_by = commands::reading, .bounds = {.low = 1, .high = 1000000}, .words = "auto"},
    Option{.name = "plan.memory-per-node", .kind = Kind::number, .default_text = "0", .unit = "GiB",
           .meaning = "memory of a node to plan for; 0: the free memory of this node",
           .used_by = commands::reading, .bounds = at_least(0)},
    // parallel
    Option{.name = "parallel.block-size", .kind = Kind::integer, .default_text = "auto", .unit = "SIZE",
           .meaning = "block size of the block-cyclic kernel matrix",
           .used_by = commands::reading, .bounds = count_from(1), .words = "auto"},
    Option{.name = "parallel.grid", .kind = Kind::grid, .default_text = "auto", .unit = "PxQ",
           .meaning = "process grid, rows x columns, e.g. 2x4",
           .used_by = commands::reading, .words = "auto"},
    Option{.name = "parallel.blas-threads", .kind = Kind::integer, .default_text = "1", .unit = "COUNT",
           .meaning = "number of BLAS threads of each rank",
           .used_by = commands::reading, .bounds = count_from(1)},
    Option{.name = "parallel.memory", .kind = Kind::number, .default_text = "0", .unit = "GiB",
           .meaning = "memory that each rank may use; 0: its share of the free memory of the node",
           .used_by = commands::reading, .bounds = at_least(0)},
    Option{.name = "parallel.watchdog", .kind = Kind::number, .default_text = "21600", .unit = "SECONDS",
           .meaning = "with several ranks: the run ends, and names the ranks that do not respond, when ranks have waited this long "
                      "for others; must be longer than any stage that only some ranks work on; 0: never",
           .used_by = commands::all, .bounds = at_least(0)},
    // the program's own
    Option{.name = "config", .kind = Kind::file, .unit = "FILE",
           .meaning = "configuration file; the command line overrides it", .used_by = commands::all},
    Option{.name = "output", .kind = Kind::file, .unit = "FILE",
           .meaning = "file to write: the model (default: model.h5), predictions (.csv or .xyz), the "
                      "learning curve or held-out predictions (.csv), the table of a search (default: search.csv), the optimised "
                      "coupling (coupling.txt), the kernel "
                      "(kernel.h5) or features (features.h5)",
           .used_by = commands::reading & ~commands::plan},
    Option{.name = "report", .kind = Kind::file, .unit = "FILE",
           .meaning = "JSON report: errors, timings, memory, configuration", .used_by = commands::all},
    Option{.name = "log-file", .kind = Kind::file, .unit = "FILE",
           .meaning = "also append everything that is shown on the terminal to this file", .used_by = commands::all},
    Option{.name = "quiet", .kind = Kind::flag, .default_text = "false",
           .meaning = "show only results, warnings and errors", .used_by = commands::all},
    Option{.name = "checkpoint", .kind = Kind::file, .unit = "FILE",
           .meaning = "checkpoint file. search and optimize: finished points or evaluations (default: name of the output with "
                      ".checkpoint.h5); train: the kernel matrix or the vectors of the iterative solver (default: none). The same "
                      "command resumes from it",
           .used_by = commands::search | commands::optimize | commands::train},
    Option{.name = "checkpoint-kernel", .kind = Kind::word, .default_text = "auto", .unit = "auto/yes/no",
           .meaning = "whether the checkpoint of train contains the kernel matrix; auto: if computing the matrix took longer than "
                      "writing and reading the file",
           .used_by = commands::train, .words = "auto|yes|no"},
    Option{.name = "checkpoint-interval", .kind = Kind::number, .default_text = "120", .unit = "SECONDS",
           .meaning = "time between two checkpoints of the iterative solver",
           .used_by = commands::train, .bounds = at_least(0)},
    Option{.name = "model", .kind = Kind::file, .unit = "FILE",
           .meaning = "model written by train", .used_by = commands::predict, .required_by = commands::predict},
    Option{.name = "skip-unknown", .kind = Kind::flag, .default_text = "false",
           .meaning = "leave out structures with elements that the model does not know",
           .used_by = commands::predict},
    Option{.name = "against", .kind = Kind::file, .unit = "FILE",
           .meaning = "structures of the columns of the kernel (default: those of data.structures); the key may be repeated",
           .used_by = commands::kernel, .repeatable = true},
    Option{.name = "file", .kind = Kind::file, .unit = "FILE", .meaning = "soapstone file (HDF5) to describe, or files of structures to check, as for data.structures; told apart by their content",
           .used_by = commands::inspect, .required_by = commands::inspect, .repeatable = true},
    Option{.name = "dry-run", .kind = Kind::flag, .default_text = "false",
           .meaning = "check the input, show the memory and time that the run needs, and stop", .used_by = commands::all},
};
// clang-format on

} // namespace

std::span<const Option> option_table() {
  return table;
}

} // namespace soapstone::app
