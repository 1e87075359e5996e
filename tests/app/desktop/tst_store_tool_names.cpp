// SPDX-License-Identifier: Apache-2.0
#include "desktop/store_tool_names.h"
#include "support/sample_store.h"
#include "support/test_registry.h"

#include <QSignalSpy>
#include <QtTest>

using namespace luthien;
using namespace luthien::desktop;

class TestStoreToolNames : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tellsWhatTheRecordKnows()
    {
        test::SampleStore store;
        test::SampleCall call;
        conversation::Decision decision{.id = CallId::make(fromMicros(1)), .call = call.id};
        decision.tool = "Bash";
        call.decisions = {decision};
        store.add(call);
        QVERIFY(store.flush());
        ReaderThread thread([&store] { return store.openReader(); });
        StoreToolNames names(thread);
        std::set<std::string> found;
        connect(&names, &StoreToolNames::loaded, this, [&found](const auto& loaded) { found = *loaded; });
        names.load();
        QTRY_COMPARE(found, std::set<std::string>{"Bash"});
    }

    void aRecordThatCannotBeReadTellsNothing()
    {
        std::atomic<bool> wasAsked = false;
        auto thread = std::make_unique<ReaderThread>([&wasAsked]() -> Result<std::unique_ptr<store::Reader>> {
            wasAsked = true;
            return Error{.code = ErrorCode::Unavailable, .message = "closed"};
        });
        StoreToolNames names(*thread);
        QSignalSpy loaded(&names, &StoreToolNames::loaded);
        names.load();
        QTRY_VERIFY(wasAsked);
        thread.reset(); // what it began is over
        QCoreApplication::sendPostedEvents(&names);
        QVERIFY(loaded.isEmpty());
    }
};

LUTHIEN_TEST(tst_store_tool_names, TestStoreToolNames)
#include "tst_store_tool_names.moc"
