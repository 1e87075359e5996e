// SPDX-License-Identifier: Apache-2.0
#include "daemon/policy_history.h"
#include "store/store.h"
#include "support/test_registry.h"

#include <QTemporaryDir>

using namespace luthien;
using namespace luthien::daemon;

namespace {
constexpr auto kNoKey = [] { return nullptr; };
} // namespace

class TestPolicyHistory : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void tellsWhatBecameOfAPolicy();
    void tellsWhatAVersionChanged_data();
    void tellsWhatAVersionChanged();
    void findsAVersionByItsBeginning();

private:
    static inline const std::string kFirst = std::string(63, 'a') + '1';
    static inline const std::string kSecond = std::string(8, 'b') + std::string(56, '2');
    QTemporaryDir m_directory;
    runtime::Paths m_paths{.dataDirectory = m_directory.path().toStdString()};
};

void TestPolicyHistory::initTestCase()
{
    auto store = store::Store::open({.directory = m_paths.dataDirectory, .ballastBytes = 0});
    QVERIFY(store);
    const TimePoint at = fromMicros(1'790'000'000'000'000);
    const auto definition = [](const char* reason) {
        return std::string(R"({"id":"p","type":"noop","config":{"reason":")") + reason + "\"}}";
    };
    (*store)->notePolicyVersions({{kFirst, "p", definition("old"), at}, {kSecond, "p", definition("new"), at}});
    const auto change = [&](const std::string& version, conversation::PolicyMode mode) {
        (*store)->notePolicyChanges({{"p", version, mode, at, "frodo", "cli"}});
    };
    change(kFirst, conversation::PolicyMode::Shadow);
    change(kSecond, conversation::PolicyMode::Shadow);
    change(kSecond, conversation::PolicyMode::Enforce);
    QVERIFY((*store)->flush(std::chrono::seconds(20)));
}

void TestPolicyHistory::tellsWhatBecameOfAPolicy()
{
    const auto text = policyHistoryText(m_paths, kNoKey, "p", false);
    QVERIFY2(text, text ? "" : text.error().toString().c_str());
    const QList<QByteArray> lines = QByteArray::fromStdString(*text).trimmed().split('\n');
    QCOMPARE(lines.size(), 3);
    QCOMPARE(lines.at(0), "2026-09-21T14:13:20Z  " + QByteArray("bbbbbbbb2222") + "  enforce  by cli (frodo)");
    QVERIFY(lines.at(2).contains("aaaaaaaaaaaa"));
    QCOMPARE(policyHistoryText(m_paths, kNoKey, "q", false).error().code, ErrorCode::NotFound);
}

void TestPolicyHistory::tellsWhatAVersionChanged_data()
{
    QTest::addColumn<std::string>("from");
    QTest::addColumn<std::string>("to");
    QTest::addColumn<std::string>("lines"); // below the two that name the versions
    const std::string forth = "- /config/reason: \"old\"\n+ /config/reason: \"new\"\n";
    QTest::newRow("the latest and the one before") << std::string() << std::string() << forth;
    QTest::newRow("from one to the latest") << kFirst << std::string() << forth;
    QTest::newRow("back") << kSecond.substr(0, 8) << kFirst
                          << std::string("- /config/reason: \"new\"\n+ /config/reason: \"old\"\n");
    QTest::newRow("the same") << kFirst << kFirst << std::string();
}

void TestPolicyHistory::tellsWhatAVersionChanged()
{
    QFETCH(std::string, from);
    QFETCH(std::string, to);
    QFETCH(std::string, lines);
    const auto text = policyDiffText(m_paths, kNoKey, "p", from, to);
    QVERIFY2(text, text ? "" : text.error().toString().c_str());
    const std::size_t second = text->find('\n', text->find('\n') + 1);
    QCOMPARE(text->substr(second + 1), lines);
}

void TestPolicyHistory::findsAVersionByItsBeginning()
{
    const auto old = policyAtVersion(m_paths, kNoKey, "p", kFirst.substr(0, 8));
    QVERIFY2(old, old ? "" : old.error().toString().c_str());
    QVERIFY(old->config.find("old") != std::string::npos);
    QCOMPARE(old->mode, conversation::PolicyMode::Enforce); // of now
    QCOMPARE(policyAtVersion(m_paths, kNoKey, "p", "cccccccc").error().code, ErrorCode::NotFound);
    QCOMPARE(policyAtVersion(m_paths, kNoKey, "p", "aaa").error().code, ErrorCode::InvalidArgument);
    QCOMPARE(policyDiffText(m_paths, kNoKey, "p", "", kFirst).error().code, ErrorCode::NotFound);
}

LUTHIEN_TEST(tst_policy_history, TestPolicyHistory)
#include "tst_policy_history.moc"
