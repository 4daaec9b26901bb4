#pragma once

#include <ae/autoencoder.hpp>
#include <ae/mpi.hpp>
#include <iostream>
#include <sstream>

#include "support/same.hpp"

/// A test of several processes: all run it, each checks for itself, and `check` says which failed.
namespace mpi_tests {

inline int failures = 0;

inline int rank() {
  int number = 0;
  MPI_Comm_rank(MPI_COMM_WORLD, &number);
  return number;
}
inline int ranks() {
  int number = 1;
  MPI_Comm_size(MPI_COMM_WORLD, &number);
  return number;
}

template <class... Values>
void check(bool condition, const std::string& what, const Values&... values) {
  if (condition) return;
  ++failures;
  std::ostringstream line;
  line.precision(17);
  line << "FAILED on rank " << rank() << ": " << what;
  ((line << ", " << values), ...);
  std::cerr << line.str() + "\n";
}

/// The work must throw an `E` with this text, on every process.
template <class E, class Work>
void check_throws(const std::string& text, const Work& work) {
  try {
    work();
    check(false, "expected an exception: " + text);
  } catch (const E& error) {
    check(std::string(error.what()).find(text) != std::string::npos, "expected " + text,
          error.what());
  } catch (const std::exception& error) {
    check(false, "another exception than that of: " + text, error.what());
  }
}

/// Smooth samples (features x samples).
template <class Scalar>
ae::Matrix<Scalar> waves(ae::Index features, ae::Index samples) {
  return ae::Matrix<Scalar>::NullaryExpr(features, samples, [](ae::Index i, ae::Index j) {
    const double step = 0.2 + 0.003 * static_cast<double>(j);
    return static_cast<Scalar>(std::sin(step * static_cast<double>(i) + static_cast<double>(j)));
  });
}

inline double largest_difference(const ae::History& a, const ae::History& b) {
  double most = a.size() == b.size() ? 0 : 1;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    most = std::max(most, std::abs(a[i].total() - b[i].total()) / std::abs(b[i].total()));
  }
  return most;
}

}  // namespace mpi_tests
