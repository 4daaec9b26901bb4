#include <ae/models/pca.hpp>

#ifndef EIGEN_OF_PARENT
#error "expected the Eigen of the project around ae, found another"
#endif

ae::Index SIDE() {
  return ae::Pca<float>::fit(ae::Matrix<float>(ae::Matrix<float>::Random(3, 9)), 2).features();
}
