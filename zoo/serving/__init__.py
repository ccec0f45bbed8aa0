"""The HTTP server of `koprep serve`: the models as an API, and the page that shows them at work.

It needs `pip install 'koprep[serve]'`, and no TensorFlow.
"""
