// SPDX-License-Identifier: Apache-2.0
#include "conversation/block.h"
#include "support/test_registry.h"

#include <set>

using namespace luthien::conversation;

namespace {

class TestBlock : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void kindsHaveNamesOfTheirOwn()
    {
        std::set<std::string_view> names;
        for (int i = 0; i <= static_cast<int>(BlockKind::Opaque); ++i)
            names.insert(blockKindName(static_cast<BlockKind>(i)));
        QCOMPARE(names.size(), static_cast<std::size_t>(BlockKind::Opaque) + 1);
    }

    void rolesAndExecutorsAreNamed()
    {
        QCOMPARE(roleName(Role::System), std::string_view("system"));
        QCOMPARE(roleName(Role::Tool), std::string_view("tool"));
        QCOMPARE(executorName(Executor::Client), std::string_view("client"));
        QCOMPARE(executorName(Executor::Mcp), std::string_view("mcp"));
    }
};

} // namespace

LUTHIEN_TEST(tst_block, TestBlock)
#include "tst_block.moc"
