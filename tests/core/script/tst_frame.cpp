// SPDX-License-Identifier: Apache-2.0
#include "script/frame.h"
#include "support/test_registry.h"

#include <vector>

using namespace luthien;
using namespace luthien::script;

class TestFrame : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void framesAreTheSameHoweverTheyAreCut()
    {
        const std::vector<Frame> frames{
            {FrameKind::Ready, 0, "1"}, {FrameKind::Run, 7, std::string("a\0b", 3)}, {FrameKind::Failed, ~0ULL, ""}};
        std::string bytes;
        for (const Frame& frame : frames)
            appendFrame(bytes, frame.kind, frame.job, frame.body);
        for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
            FrameReader reader(3);
            std::vector<Frame> read;
            for (const std::string& part : {bytes.substr(0, cut), bytes.substr(cut)}) {
                reader.add(part);
                while (auto frame = *reader.next())
                    read.push_back(*frame);
            }
            QVERIFY(read == frames);
        }
    }

    void whatIsNoFrameIsAnError()
    {
        FrameReader words(100);
        words.add("{\"verdict\":\"continue\"} and more than a header");
        QVERIFY(words.next().error().code == ErrorCode::InvalidInput);

        std::string bytes;
        appendFrame(bytes, static_cast<FrameKind>(99), 0, "");
        FrameReader kinds(100);
        kinds.add(bytes);
        QVERIFY(kinds.next().error().code == ErrorCode::InvalidInput);

        bytes.clear();
        appendFrame(bytes, FrameKind::Returned, 0, "12345");
        FrameReader sizes(4);
        sizes.add(bytes.substr(0, 24));
        QVERIFY(sizes.next().error().code == ErrorCode::TooLarge);
    }
};

LUTHIEN_TEST(tst_frame, TestFrame)
#include "tst_frame.moc"
