#include <ae/models/pca.hpp>

#ifndef __OPTIMIZE__
#error "the README's CMake lines build without optimisation"
#endif

int main() {
  return ae::Pca<float>::fit(ae::Matrix<float>(ae::Matrix<float>::Random(3, 9)), 2).features() == 3
             ? 0
             : 1;
}
