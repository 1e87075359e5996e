// SPDX-License-Identifier: Apache-2.0
#include "policy/policy.h"
#include "support/test_registry.h"

#include <array>

using namespace luthien::policy;

namespace {

class TestPolicy : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void findsTypesByTheirWholeName()
    {
        const std::array<PolicyType, 2> types{PolicyType{.name = "one"}, PolicyType{.name = "two"}};
        QCOMPARE(findType(types, "two"), &types[1]);
        QCOMPARE(findType(types, "tw"), nullptr);
        QCOMPARE(findType({}, "one"), nullptr);
    }
};

} // namespace

LUTHIEN_TEST(tst_policy, TestPolicy)
#include "tst_policy.moc"
