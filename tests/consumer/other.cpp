#include "ae/autoencoder.hpp"
#include "ae/data/cifar.hpp"
#include "ae/models/pca.hpp"

ae::Index features_elsewhere() {
  return ae::StackedAutoencoder({8, 3}).features();
}
