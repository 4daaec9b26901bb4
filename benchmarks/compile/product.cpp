#include <ae/linalg/product.hpp>

int main(int count, char**) {
  const ae::Matrix<float> a = ae::Matrix<float>::Random(30, count);
  const ae::Matrix<float> b = ae::Matrix<float>::Random(count, 50);
  ae::Matrix<float> c(30, 50);
  ae::Product<float> product;
  product(c, a, b);
  return c(0, 0) > 2 ? 1 : 0;
}
