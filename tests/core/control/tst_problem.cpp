// SPDX-License-Identifier: Apache-2.0
#include "control/problem.h"
#include "support/test_registry.h"

using namespace luthien;
using namespace luthien::control;

class TestProblem : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void fromError_data();
    void fromError();
    void document();
};

void TestProblem::fromError_data()
{
    QTest::addColumn<ErrorCode>("code");
    QTest::addColumn<unsigned>("status");
    QTest::newRow("what makes no sense") << ErrorCode::InvalidArgument << 400U;
    QTest::newRow("what does not parse") << ErrorCode::InvalidInput << 400U;
    QTest::newRow("what does not exist") << ErrorCode::NotFound << 404U;
    QTest::newRow("what somebody else holds") << ErrorCode::Conflict << 409U;
    QTest::newRow("what is too large") << ErrorCode::TooLarge << 413U;
    QTest::newRow("what we do not do") << ErrorCode::Unsupported << 501U;
    QTest::newRow("a slow query") << ErrorCode::Timeout << 503U;
    QTest::newRow("a database that is away") << ErrorCode::Unavailable << 503U;
    QTest::newRow("a broken disk") << ErrorCode::Io << 500U;
    QTest::newRow("a bug") << ErrorCode::Internal << 500U;
}

void TestProblem::fromError()
{
    QFETCH(ErrorCode, code);
    const Problem problem = problemFrom({.code = code, .message = "why"});
    QTEST(problem.status, "status");
    QCOMPARE(problem.detail, "why");
    QVERIFY(!reasonPhrase(problem.status).empty());
}

void TestProblem::document()
{
    QCOMPARE(toJson(Problem{.status = 404, .code = "not_found", .detail = "No \"such\" thing."}),
             R"({"type":"urn:luthien:problem:not_found","title":"Not Found","status":404,)"
             R"("detail":"No \"such\" thing."})");
}

LUTHIEN_TEST(tst_problem, TestProblem)
#include "tst_problem.moc"
