#pragma once

#include "ae/detail/core/abi.hpp"

#include "ae/detail/data/source.hpp"

namespace ae::inline AE_ABI::detail {

/// Directions along which samples vary most, the first most of all.
struct PrincipalComponents {
  Vector<double> mean;        // features
  Matrix<double> components;  // features x their number, orthonormal
  Vector<double> variances;   // of each component
  double total_variance = 0;  // of all features
};

/// Throws ShapeError for no samples, or unless components are from 1 to the number of features.
PrincipalComponents principal_components(const SourceRef<double>& source, Index components);

}  // namespace ae::inline AE_ABI::detail

#ifndef AE_COMPILED
#include "ae/detail/models/principal_components-inl.hpp"
#endif
