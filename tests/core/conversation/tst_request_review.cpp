// SPDX-License-Identifier: Apache-2.0
#include "conversation/request_review.h"
#include "support/test_registry.h"

#include <set>

using namespace luthien::conversation;

class TestRequestReview : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void everyKindHasANameOfItsOwn();
};

void TestRequestReview::everyKindHasANameOfItsOwn()
{
    QCOMPARE(partKindName(PartKind::System), "system");
    QCOMPARE(partKindName(PartKind::ToolResult), "tool_result");
    std::set<std::string_view> names;
    for (const PartKind kind : {PartKind::System, PartKind::UserText, PartKind::AssistantText, PartKind::ToolResult})
        names.insert(partKindName(kind));
    QCOMPARE(names.size(), 4U);
}

LUTHIEN_TEST(tst_request_review, TestRequestReview)
#include "tst_request_review.moc"
