#include <cstdio>

#include "ae/ae.hpp"

ae::Index features_elsewhere();

int main() {
  int rounded = 2.7f;  // a warning of the consumer's own to have, not an error of ours
  const ae::StackedAutoencoder model({8, 3});
  std::printf("%d %td\n", rounded, features_elsewhere());
  return model.features() == features_elsewhere() ? 0 : 1;
}
