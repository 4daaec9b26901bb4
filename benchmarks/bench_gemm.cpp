/// Matrix products: those of the horse network, and squares.
#include <memory>

#include "ae/linalg/product.hpp"
#include "horse_products.hpp"
#include "support/blas.hpp"
#include "support/contest.hpp"
#ifdef BENCH_ONEDNN
#include "onednn.hpp"
#endif

namespace {

using namespace bench;

struct Contender {
  std::string name;
  std::function<std::function<void()>(const Product&, Operands&)> prepare;
  Precision precision = Precision::full;
};

/// Operands are floats in any case: to round them is part of the work.
std::function<void()> ae_product(const Product& product, Operands& at, Precision precision) {
  ae::Product<float> rounding;
  rounding.set_precision(precision);
  return [&at, product, multiply = std::move(rounding)]() mutable {
    with_operands(product, at,
                  [&](const auto& lhs, const auto& rhs) { multiply(at.dst, lhs, rhs); });
  };
}

/// Of operands that were rounded before, as oneDNN is given them.
std::function<void()> ae_rounded_product(const Product& product, Operands& at) {
  using namespace ae::linalg;
  return [&at, product, multiply = ae::Product<float>(),
          lhs = std::make_shared<RoundedLeft>(product.lhs_transposed ? Matrix(at.lhs.transpose())
                                                                     : at.lhs),
          rhs = std::make_shared<RoundedRight>(product.rhs_transposed ? Matrix(at.rhs.transpose())
                                                                      : at.rhs)]() mutable {
    multiply(at.dst, *lhs, *rhs);
  };
}

std::function<void()> eigen_product(const Product& product, Operands& at) {
  return [&at, product] {
    with_operands(product, at,
                  [&](const auto& lhs, const auto& rhs) { at.dst.noalias() = lhs * rhs; });
  };
}

std::function<void()> blas_product(const Blas& blas, const Product& product, Operands& at) {
  constexpr int column_major = 102, plain = 111, transposed = 112;
  const auto size = [](Index index) { return static_cast<int>(index); };
  return [&at, product, size, gemm = blas.gemm] {
    gemm(column_major, product.lhs_transposed ? transposed : plain,
         product.rhs_transposed ? transposed : plain, size(product.m), size(product.n),
         size(product.k), 1, at.lhs.data(), size(at.lhs.rows()), at.rhs.data(), size(at.rhs.rows()),
         0, at.dst.data(), size(product.m));
  };
}

/// All that are installed; their versions go to the environment.
std::vector<Contender> contenders(const std::vector<Blas>& libraries) {
  std::vector<Contender> all;
  for (const Precision precision : {Precision::full, Precision::bfloat16}) {
    const bool full = precision == Precision::full;
    const auto prepare = [=](auto&... of) { return ae_product(of..., precision); };
    all.push_back({full ? "ae" : "ae bfloat16", prepare, precision});
  }
  all.push_back({"ae bfloat16, rounded before", ae_rounded_product, Precision::bfloat16});
  all.push_back({"Eigen", eigen_product});
  for (const Blas& blas : libraries) {
    all.push_back({blas.name, [&blas](const Product& product, Operands& at) {
                     return blas_product(blas, product, at);
                   }});
  }
#ifdef BENCH_ONEDNN
  all.push_back({"oneDNN", onednn_product<float>});
  all.push_back({"oneDNN bfloat16", onednn_product<Eigen::bfloat16>, Precision::bfloat16});
#endif
  return all;
}

/// Everybody must have multiplied the same matrices before anybody is timed.
void require_right(const Contender& contender, const std::function<void()>& run,
                   const Product& product, Operands& at) {
  at.dst.setConstant(std::nanf(""));
  run();
  Operands expected = at;
  if (contender.precision == Precision::bfloat16) expected.round();
  eigen_product(product, expected)();
  if ((at.dst - expected.dst).norm() < 1e-5F * expected.dst.norm()) return;
  throw std::runtime_error(contender.name + " is wrong about " + product.name);
}

void add_all(Contest& contest, const std::vector<Product>& products,
             std::vector<std::unique_ptr<Operands>>& operands, const std::vector<Contender>& all,
             int threads) {
  contest.use_threads(threads);  // oneDNN prepares for the number that holds now
  for (const Product& product : products) {
    Operands& at = *operands.emplace_back(std::make_unique<Operands>(product));
    for (const Contender& contender : all) {
      const auto run = contender.prepare(product, at);
      require_right(contender, run, product, at);
      contest.add(
          {product.name, contender.name, threads, product.flops(), run, contender.precision});
    }
  }
}

/// The geometric mean of shares over the distinct shapes; the transpositions of one shape are
/// averaged first.
double mean_share(const Contest& contest, const std::string& contender, int threads) {
  std::map<std::array<Index, 3>, std::vector<double>> shapes;
  for (const Product& p : horse_products()) {
    for (const Entry& entry : contest.entries()) {
      if (entry.name != p.name || entry.contender != contender || entry.threads != threads)
        continue;
      shapes[{p.m, p.n, p.k}].push_back(std::log(contest.share_of_peak(entry)));
    }
  }
  double sum = 0;
  for (const auto& [shape, logs] : shapes) {
    sum += std::accumulate(logs.begin(), logs.end(), 0.0) / static_cast<double>(logs.size());
  }
  return std::exp(sum / static_cast<double>(shapes.size()));
}

json::Object summary(const Contest& contest, const std::vector<Contender>& all,
                     const std::vector<int>& numbers) {
  std::vector<std::string> means;
  for (const int threads : numbers) {
    for (const Contender& contender : all) {
      const double share = mean_share(contest, contender.name, threads);
      std::printf("\ngeometric mean of shares over the seven shapes, threads: %d, %s: %.3f",
                  threads, contender.name.c_str(), share);
      means.push_back(json::object({{"contender", json::text(contender.name)},
                                    {"precision", json::text(name_of(contender.precision))},
                                    {"threads", std::to_string(threads)},
                                    {"share_of_peak", json::number(share)}}));
    }
  }
  std::puts("");
  json::Object shapes;
  for (const Product& p : horse_products()) {
    shapes.emplace_back(p.name, ae::detail::text('[', p.m, ", ", p.n, ", ", p.k, ']'));
  }
  return {{"geometric_means", json::array(means)}, {"shapes", json::object(shapes)}};
}

}  // namespace

int main(int argc, char** argv) {
  Options options("Matrix products of the horse network, and squares, of every library at hand.");
  CLI11_PARSE(options.app, argc, argv);

  Environment about = environment();
  std::vector<Blas> libraries;
  for (const auto& found : {open_openblas(), open_blis()}) {
    if (!found) continue;
    const bool knows_processor = !found->version.ends_with("generic");
    if (knows_processor) libraries.push_back(*found);
    about.emplace_back(found->name, found->version + (knows_processor ? "" : ", left out"));
  }
#ifdef BENCH_ONEDNN
  about.emplace_back("oneDNN", onednn_version());
#endif

  std::vector<Product> products = horse_products();
  for (const Index side : {256, 1024, 2048}) {
    products.push_back({"square " + std::to_string(side), side, side, side});
  }
  Contest contest(options, about);
  for (const Blas& blas : libraries) contest.on_threads(blas.set_threads);
  const auto all = contenders(libraries);
  std::vector<std::unique_ptr<Operands>> operands;
  for (const int threads : options.threads) add_all(contest, products, operands, all, threads);
  contest.run();
  contest.write(summary(contest, all, options.threads));
}
