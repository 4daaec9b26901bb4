#include "ae/ae.hpp"

ae::Index features_elsewhere() {
  return ae::StackedAutoencoder({8, 3}).features();
}
