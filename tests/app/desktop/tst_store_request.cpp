// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/conversation_model.h"
#include "desktop/store_request.h"
#include "support/sample_store.h"
#include "support/test_registry.h"

using namespace luthien;
using namespace Qt::StringLiterals;
using namespace luthien::desktop;

class TestStoreRequest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    /// Instructions, settings and every message, over more pages than one.
    void showsAWholeRequest()
    {
        constexpr int kMessages = 100;
        test::SampleStore store;
        test::SampleCall call;
        call.body = "{\"model\":\"m\",\"messages\":[";
        for (int i = 0; i < kMessages; ++i) {
            const std::string message = "{\"role\":\"user\",\"content\":\"message " + std::to_string(i) + "\"}";
            call.body += i == 0 ? "" : ",";
            call.messages.push_back(
                {static_cast<std::uint32_t>(call.body.size()), static_cast<std::uint32_t>(message.size())});
            call.body += message;
        }
        call.body += "],\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]}";
        store.add(call);
        QVERIFY(store.flush());
        ReaderThread reader([&store] { return store.openReader(); });
        StoreRequest source(reader);
        ConversationModel model(source);
        model.openFromStart(QString::fromStdString(call.id.toString()));
        QTRY_VERIFY(model.rowCount() > 0 && !model.isLoading());
        QStringList texts;
        for (int page = 0; page < 20; ++page) {
            model.showRows(model.rowCount() - 2, model.rowCount() - 1);
            QTRY_VERIFY(!model.isLoading());
        }
        for (int row = 0; row < model.rowCount(); ++row)
            if (model.kindAt(row) == row::Kind::Text)
                texts += model.textOf(row);
        QCOMPARE(texts.size(), kMessages);
        QCOMPARE(texts.first(), u"message 0"_s);
        QCOMPARE(texts.last(), u"message 99"_s);
        QVERIFY(model.isAtEnd());
    }

    void saysThatThereIsNoSuchCall()
    {
        test::SampleStore store;
        ReaderThread reader([&store] { return store.openReader(); });
        StoreRequest source(reader);
        ConversationModel model(source);
        model.openFromStart(u"none"_s);
        QTRY_VERIFY(!model.error().isEmpty());
    }
};

LUTHIEN_TEST(tst_store_request, TestStoreRequest)
#include "tst_store_request.moc"
