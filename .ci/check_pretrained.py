"""Use the pretrained models as a newcomer would: the wheel alone, no network, any locale."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

KOPREP = str(Path(sys.executable).with_name("koprep"))
COMMANDS = {
    ("predict", "이 상품 진짜 좋아요... 저는 강추합니다. 대박"): "긍정 리뷰입니다",
    ("tag", "내일 서울역에서 만나요"): "서울역",
    ("generate", "오늘"): "오늘",
    ("zoo", "list", "--pretrained"): "review-sentiment",
}
LOCALES = ("C", "en_US.UTF-8", "ko_KR.UTF-8")

for locale in LOCALES:
    for arguments, due in COMMANDS.items():
        answer = subprocess.run(
            [*sys.argv[1:], KOPREP, *arguments],
            env={**os.environ, "LC_ALL": locale, "LANG": locale, "COLUMNS": "100"},
            capture_output=True,
            check=False,
        )
        told = answer.stdout.decode("utf-8")
        assert answer.returncode == 0, (locale, arguments, answer.stderr.decode("utf-8"))
        assert due in told, (locale, arguments, told)
        print(f"{locale}: koprep {arguments[0]}: {told.strip().splitlines()[0]}")
