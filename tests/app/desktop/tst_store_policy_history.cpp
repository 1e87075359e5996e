// SPDX-License-Identifier: Apache-2.0
#include "desktop/store_policy_history.h"
#include "support/sample_store.h"
#include "support/test_registry.h"

#include <QSignalSpy>

using namespace luthien;
using desktop::LoadedPolicyHistory;

class TestStorePolicyHistory : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tellsTheNewestFirstWithItsDefinition()
    {
        const QTemporaryDir directory;
        auto store = store::Store::open({.directory = directory.path().toStdString(), .ballastBytes = 0});
        QVERIFY(store);
        for (const char version : {'a', 'b'}) {
            (*store)->notePolicyVersions({{.version = std::string(64, version),
                                           .policyId = "sql",
                                           .definition = std::string("{\"v\":\"") + version + "\"}",
                                           .firstUsedAt = fromMicros(1)}});
            (*store)->notePolicyChanges({{.policyId = "sql",
                                          .version = std::string(64, version),
                                          .at = fromMicros(version),
                                          .author = "ada",
                                          .source = "window"}});
        }
        std::unique_ptr<desktop::StorePolicyHistory> source;
        desktop::ReaderThread reader([&store] { return (*store)->openReader(); });
        source = std::make_unique<desktop::StorePolicyHistory>(reader);
        std::shared_ptr<const LoadedPolicyHistory> last;
        QObject::connect(source.get(), &desktop::PolicyHistorySource::loaded, source.get(),
                         [&last](const auto& loaded) { last = loaded; });
        const auto load = [&](const char* id) {
            last = nullptr;
            source->load(id);
            return QTest::qWaitFor([&last] { return last != nullptr; }, 30'000);
        };
        // The store writes behind: until then there is less.
        do
            QVERIFY(load("sql"));
        while (last->rows.size() < 2);
        QCOMPARE(last->error, QString());
        QCOMPARE(last->rows[0].change.version, std::string(64, 'b'));
        QCOMPARE(last->rows[0].definition, std::string(R"({"v":"b"})"));
        QCOMPARE(last->rows[1].change.author, std::string("ada"));
        QVERIFY(!last->isCut);
        QVERIFY(load("gone"));
        QVERIFY(last->rows.empty());
    }
};

LUTHIEN_TEST(tst_store_policy_history, TestStorePolicyHistory)
#include "tst_store_policy_history.moc"
