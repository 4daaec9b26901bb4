#include "ae/autoencoder.hpp"
#include "ae/cifar.hpp"
#include "ae/pca.hpp"

ae::Index features_elsewhere() {
  return ae::StackedAutoencoder({8, 3}).features();
}
