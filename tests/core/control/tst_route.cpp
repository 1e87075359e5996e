// SPDX-License-Identifier: Apache-2.0
#include "control/route.h"
#include "filter/parser.h"
#include "filter/word_query.h"
#include "support/test_registry.h"

using namespace luthien;
using namespace luthien::control;

class TestRoute : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void finds_data();
    void finds();
    void refuses_data();
    void refuses();
    void readsACursorOfTheStore();
    void aPolicyCanOnlyBeSet();
    void aSessionIsReadMarkedOrDeleted();
    void allPoliciesAreReadOrSet();
};

namespace {
constexpr const char* kCall = "019a0000-0000-7000-8000-000000000001";
}

void TestRoute::finds_data()
{
    QTest::addColumn<std::string>("target");
    QTest::addColumn<Route>("route");
    const CallId call = *CallId::parse(kCall);
    const std::string callPath = std::string("/api/v1/calls/") + kCall;
    const auto row = [](const char* name, const std::string& target, const Route& route) {
        QTest::newRow(name) << target << route;
    };
    row("health", "/healthz", {.resource = Resource::Health});
    row("readiness", "/readyz", {.resource = Resource::Ready});
    row("sessions", "/api/v1/sessions", {.resource = Resource::Sessions});
    row("so many sessions", "/api/v1/sessions?limit=500", {.resource = Resource::Sessions, .limit = 500});
    row("a session", "/api/v1/sessions/a.b_c:d-1", {.resource = Resource::Session, .session = "a.b_c:d-1"});
    row("an escaped session", "/api/v1/sessions/derived%3Aab",
        {.resource = Resource::Session, .session = "derived:ab"});
    row("its calls", "/api/v1/sessions/s/calls?limit=1",
        {.resource = Resource::SessionCalls, .session = "s", .limit = 1});
    row("a call", callPath, {.resource = Resource::Call, .call = call});
    row("its events", callPath + "/events?cursor=7&limit=2",
        {.resource = Resource::CallEvents, .call = call, .limit = 2, .fromSeq = 7});
    row("evidence", "/api/v1/evidence", {.resource = Resource::Evidence});
    row("decisions", "/api/v1/decisions?limit=9", {.resource = Resource::Decisions, .limit = 9});
    row("decisions of a call", std::string("/api/v1/decisions?call=") + kCall,
        {.resource = Resource::Decisions, .call = call});
    row("decisions of a session", "/api/v1/decisions?session=s&limit=1",
        {.resource = Resource::Decisions, .session = "s", .limit = 1});
    row("what has words", "/api/v1/search?q=%22drop%20table%22%20migr*&limit=3",
        {.resource = Resource::Search, .limit = 3, .words = *filter::parseWordQuery("\"drop table\" migr*")});
    row("the best that has words, in some calls", "/api/v1/search?q=a&order=ranked&filter=tool:Bash%20tokens>10k",
        {.resource = Resource::Search,
         .filter = *filter::parseFilter("tool:Bash tokens>10k"),
         .words = *filter::parseWordQuery("a"),
         .order = store::FoundOrder::BestFirst});
    row("policies", "/api/v1/policies", {.resource = Resource::Policies});
    row("approvals", "/api/v1/approvals", {.resource = Resource::Approvals});
    row("what a rule would have matched", std::string("/api/v1/approval-rules/") + kCall + "/preview",
        {.resource = Resource::ApprovalRulePreview, .approval = call});
    row("the stream", "/api/v1/events", {.resource = Resource::EventStream});
    const auto filter = *filter::parseFilter("tool:Bash tokens>10k");
    row("filtered sessions", "/api/v1/sessions?filter=tool%3ABash%20tokens%3E10k&limit=2",
        {.resource = Resource::Sessions, .limit = 2, .filter = filter});
    row("filtered calls", "/api/v1/sessions/s/calls?filter=tool:Bash%20tokens>10k",
        {.resource = Resource::SessionCalls, .session = "s", .filter = filter});
    row("filtered decisions", "/api/v1/decisions?filter=tool:Bash%20tokens>10k",
        {.resource = Resource::Decisions, .filter = filter});
    row("a filtered stream", "/api/v1/events?filter=tool:Bash%20tokens>10k",
        {.resource = Resource::EventStream, .filter = filter});
}

void TestRoute::finds()
{
    QFETCH(std::string, target);
    QFETCH(Route, route);
    const auto parsed = parseRoute("GET", target);
    QVERIFY(std::holds_alternative<Route>(parsed));
    QCOMPARE(std::get<Route>(parsed), route);
    const bool isOpen = target == "/healthz" || target == "/readyz";
    QCOMPARE(route.protection(), isOpen ? Protection::Open : Protection::Token);
}

void TestRoute::refuses_data()
{
    QTest::addColumn<std::string>("method");
    QTest::addColumn<std::string>("target");
    QTest::addColumn<unsigned>("status");
    const auto row = [](const std::string& method, const std::string& target, unsigned status) {
        QTest::addRow("%s %s is %u", method.c_str(), target.c_str(), status) << method << target << status;
    };
    for (const char* target : {"/", "", "*", "/healthz/", "/api/v1", "/api/v1/", "/api/v2/sessions",
                               "/api/v1/sessions/", "/api/v1/sessions/s/events", "/api/v1/sessions/s/calls/",
                               "/api/v1/nothing", "/api/v1/calls", "//healthz", "/api/v1/../healthz"}) {
        const bool isBadId = std::string_view(target) == "/api/v1/sessions/";
        row("GET", target, isBadId ? 400 : 404);
    }
    for (const char* id : {"a%20b", "a%2Fb", "a%00", "%", "%4", "%zz", "caf%C3%A9", "a'b", "a\"b"})
        row("GET", std::string("/api/v1/sessions/") + id, 400);
    row("GET", "/api/v1/sessions/" + std::string(129, 'a'), 400);
    row("PATCH", "/api/v1/policies/a%20b", 400);
    row("PATCH", "/api/v1/policies/sql?x=1", 400);
    row("PATCH", "/api/v1/policies/sql/mode", 404);
    for (const char* query : {"call=1", "session=", "session=a%20b", "call=", "filter=modle:x", "cursor=1"})
        row("GET", std::string("/api/v1/decisions?") + query, 400);
    row("GET", std::string("/api/v1/decisions?session=s&call=") + kCall, 400);
    for (const char* query : {"", "?q=", "?q=--", "?q=%22open", "?q=a&order=best", "?q=a&session=s", "?order=ranked",
                              "?q=a&filter=modle:x", "?q=a&cursor=1", "?q=a&limit=501"})
        row("GET", std::string("/api/v1/search") + query, 400);
    row("GET", "/api/v1/calls/1", 400);
    row("POST", "/api/v1/approvals/1/preview", 400);
    row("POST", std::string("/api/v1/approvals/") + kCall + "/rules", 404);
    row("POST", std::string("/api/v1/approvals/") + kCall + "/", 404);
    row("GET", std::string("/api/v1/calls/") + kCall + "0", 400);
    for (const char* query : {"limit=0", "limit=501", "limit=-1", "limit=1x", "limit=", "limit", "limit=1&limit=2",
                              "cursor=zz", "filter=modle:x", "", "&", "limit=%31%", "LIMIT=1"})
        row("GET", std::string("/api/v1/sessions?") + query, 400);
    row("GET", std::string("/api/v1/calls/") + kCall + "/events?cursor=4294967296", 400);
    row("GET", std::string("/api/v1/calls/") + kCall + "?limit=1", 400);
    row("GET", "/healthz?x=1", 400);
    row("GET", "/api/v1/sessions?filter=modle:x", 400);
    row("GET", std::string("/api/v1/calls/") + kCall + "/events?filter=is:open", 400);
    row("GET", "/api/v1/events?filter=asked:x", 400); // the feed does not tell
    row("GET", "/api/v1/events?limit=1", 400);
    for (const char* method : {"POST", "PUT", "DELETE", "HEAD", "OPTIONS", "get"})
        row(method, "/api/v1/sessions", 405);
}

void TestRoute::refuses()
{
    QFETCH(std::string, method);
    QFETCH(std::string, target);
    QFETCH(unsigned, status);
    const auto parsed = parseRoute(method, target);
    QVERIFY(std::holds_alternative<Problem>(parsed));
    QCOMPARE(std::get<Problem>(parsed).status, status);
    QCOMPARE(std::get<Problem>(parsed).allow, status == 405 ? "GET" : "");
}

void TestRoute::readsACursorOfTheStore()
{
    const store::Cursor cursor{.micros = 5, .row = 9};
    const auto parsed = parseRoute("GET", "/api/v1/sessions?cursor=" + store::toText(cursor));
    QCOMPARE(std::get<Route>(parsed).cursor, std::optional(cursor));
}

void TestRoute::aPolicyCanOnlyBeSet()
{
    const auto parsed = parseRoute("PATCH", "/api/v1/policies/destructive-sql");
    QCOMPARE(std::get<Route>(parsed),
             (Route{.resource = Resource::Policy, .policy = "destructive-sql", .changes = true}));
    QCOMPARE(std::get<Route>(parsed).protection(), Protection::Token);
    const auto read = std::get<Problem>(parseRoute("GET", "/api/v1/policies/destructive-sql"));
    QCOMPARE(read.status, 405U);
    QCOMPARE(read.allow, "PATCH");
}

void TestRoute::aSessionIsReadMarkedOrDeleted()
{
    const char* const target = "/api/v1/sessions/s1";
    QCOMPARE(std::get<Route>(parseRoute("GET", target)), (Route{.resource = Resource::Session, .session = "s1"}));
    QCOMPARE(std::get<Route>(parseRoute("PATCH", target)),
             (Route{.resource = Resource::Session, .session = "s1", .changes = true}));
    QCOMPARE(std::get<Route>(parseRoute("DELETE", target)),
             (Route{.resource = Resource::Session, .session = "s1", .changes = true, .removes = true}));
    QCOMPARE(std::get<Problem>(parseRoute("PUT", target)).allow, "GET, PATCH, DELETE");
}

void TestRoute::allPoliciesAreReadOrSet()
{
    QCOMPARE(std::get<Route>(parseRoute("GET", "/api/v1/policies")), (Route{.resource = Resource::Policies}));
    QCOMPARE(std::get<Route>(parseRoute("PUT", "/api/v1/policies")),
             (Route{.resource = Resource::Policies, .changes = true}));
    const auto refused = std::get<Problem>(parseRoute("PATCH", "/api/v1/policies"));
    QCOMPARE(refused.status, 405U);
    QCOMPARE(refused.allow, "GET, PUT");
}

LUTHIEN_TEST(tst_route, TestRoute)
#include "tst_route.moc"
