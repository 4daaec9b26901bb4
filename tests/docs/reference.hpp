#include <ae/ae.hpp>
#include <ae/data/images.hpp>
#include <iostream>
#include <numeric>
#if __has_include(<zlib.h>)
#include <ae/data/gzip.hpp>
#else
namespace ae::gzip {
TextFile file(const std::filesystem::path& path);
}
#endif
#if __has_include(<mpi.h>)
#include <ae/mpi.hpp>
#endif

// What the examples in the comments of headers speak of.
extern ae::StackedAutoencoder<> model;
extern ae::VariationalAutoencoder<> variational;
extern const ae::Matrix<float> x, held_out, normal, odd, pictures, weight, offsets;
extern ae::Matrix<float> y;
extern const ae::Matrix<double> rows, samples, series;
extern ae::Vector<double> row;
extern const ae::Vector<double> scores, clean, negatives, positives;
extern const double score;
extern const ae::FitOptions options;
extern ae::Product<float> product;
extern ae::Detector detector;
extern const ae::Schema schema;
extern std::string line, first_line;
extern const std::uint64_t seed;
extern const bool again;
extern int argc;
extern char** argv;

// An activation of the caller's own.
struct Softsign {
  static constexpr std::string_view name = "softsign";
  auto value(const auto& z) const { return z / (1 + z.abs()); }
  auto derivative(const auto& y) const { return (1 - y.abs()).square(); }
};
