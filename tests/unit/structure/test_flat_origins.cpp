// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/structure/flat_origins.hpp"

#include <gtest/gtest.h>

namespace soapstone::structure {
namespace {

using Places = std::vector<std::string>;

Places places_of(const std::vector<Structure>& structures) {
  Places places;
  for (const auto& structure : structures)
    places.push_back(to_string(structure.origin.location()));
  return places;
}

TEST(FlatOrigins, ReturnAsTheyWere) {
  const auto a = std::make_shared<const std::string>("a.xyz"),
             b = std::make_shared<const std::string>("b.tar:x y\n.xyz");
  std::vector<Structure> structures(5), others(5);
  structures[0].origin = {a, 0, 1};
  structures[1].origin = {a, 1, 5};
  structures[3].origin = {b, 0, 1};
  structures[4].origin = {a, 2, 9};
  set_origins(others, flatten_origins(structures));
  EXPECT_EQ(places_of(others), (Places{"a.xyz, frame 0, line 1", "a.xyz, frame 1, line 5", "",
                                       "b.tar:x y\n.xyz, frame 0, line 1", "a.xyz, frame 2, line 9"}));
  EXPECT_EQ(others[0].origin.file, others[1].origin.file);
}

TEST(FlatOrigins, OfNoneAndOfOtherStructures) {
  std::vector<Structure> none, one(1);
  EXPECT_NO_THROW(set_origins(none, flatten_origins(none)));
  EXPECT_THROW(set_origins(one, flatten_origins(none)), InternalError);
}

TEST(FlatOrigins, DoNotTellStructuresApart) {
  const Structure made{{1}, {{0, 0, 0}}, {}};
  auto read = made;
  read.origin = {std::make_shared<const std::string>("a.xyz"), 3, 4};
  EXPECT_EQ(made, read);
}

} // namespace
} // namespace soapstone::structure
